package screen

// The codes of field errors; their sentences are field.<code>. Arguments are names from the data that is checked.
const (
	badSyntax       = "syntax"            // not JSON
	badType         = "wrong_type"        // a list where a text is needed, and so on
	unknownKey      = "unknown_key"       // not in the format, or not a language
	duplicateKey    = "duplicate_key"     //
	required        = "required"          //
	tooDeep         = "too_deep"          // max
	tooMany         = "too_many"          // max
	duplicate       = "duplicate"         // an id, code or item that is there already
	notOneOf        = "choice"            // not one of the words allowed here
	notHere         = "not_allowed_here"  //
	choiceOfShape   = "choice_of_shape"   // no expression, or several in one object
	outOfRange      = "range"             // min, max
	wrongOrder      = "order"             // the end is before the start
	badTime         = "bad_time"          // not HH:MM
	unknownField    = "unknown_question"  // field
	unknownScore    = "unknown_score"     // score
	unknownCode     = "unknown_option"    // option
	badOperator     = "operator_misfit"   // op, kind
	badOperand      = "value_misfit"      // op
	incompleteScore = "incomplete_score"  // item
	missingLanguage = "missing_languages" // languages
	clinicalDecides = "clinical_decides"  // a clinical criterion that could give NotNow
	answeredDecides = "answered_decides"  // Answered in a criterion that could give NotNow
	ignoreDecides   = "ignore_decides"    // Ignore in a criterion that could give NotNow
	alwaysTrue      = "always_true"       //
	neverTrue       = "never_true"        //
)
