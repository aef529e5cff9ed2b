package screen

import "testing"

// Check refuses a clinical require or exclude. Should one ever come past it, it still only leads to a talk.
func TestClinicalCriterionThatCameThroughStillOnlyAsksForATalk(t *testing.T) {
	t.Parallel()
	for _, kind := range []CriterionKind{Require, Exclude} {
		for _, unknown := range []Policy{Ask, Review, Ignore} {
			k := Criterion{Kind: kind, Clinical: true, Unknown: unknown}
			for i, l := range k.levels() {
				if l == notNow {
					t.Errorf("%s gives not_now when %v", kind, Truth(i)+False)
				}
			}
			k.Clinical = false
			if l := k.levels(); max(l[0], l[2]) != notNow || l[1] != discuss {
				t.Errorf("%s gives %v; the control should turn away when known, and talk when not", kind, l)
			}
		}
	}
}
