package catalogue

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// wanted is written by hand from the field's own lists, so that nothing gets lost or slips in unseen.
func wanted() map[string]string {
	return map[string]string{
		"aim": "corrective preventive educational developmental",
		"area": "personal educational social vocational interpersonal life-crisis health-risk life-transition " +
			"isolation-loneliness mental-health substance-dependence violence homelessness poverty fear-anxiety " +
			"stress-tension",
		"formation":     "by-target-group by-social-problem by-age-stage by-shared-problem by-peer-group by-community",
		"composition":   "homogeneous heterogeneous",
		"membership":    "closed half-open open",
		"participation": "voluntary mandated",
		"age-stage":     "child adolescent young-adult adult older-adult",
		"model": "cognitive-behavioural empowerment mutual-aid task-centred psychodynamic psychoanalytic gestalt " +
			"group-analytic remedial reciprocal developmental social-goals",
		"modality": "group-discussion psychogymnastics projective-drawing music-therapy drama-therapy art-therapy " +
			"dance-movement psychodrama self-help-method group-analysis skills-training problem-solving " +
			"interpersonal-support psychoeducation",
		"delivery": "in-person online hybrid",
		"technique": "support paraphrasing facilitating-communication problem-discussion emotion-identification " +
			"behaviour-identification behaviour-rehearsal advice summarising",
		"objective": "resolve-internal-conflict relieve-emotional-stress reduce-fear-anxiety " +
			"correct-behaviour-deviation build-emotional-response-skills effective-interpersonal-interaction " +
			"other-maladaptive-problem self-awareness interpersonal-relationships coping-skills personal-growth " +
			"belonging-validation communication-skills conflict-resolution emotional-regulation positive-attitudes " +
			"behaviour-change transfer-to-daily-life honest-self-assessment self-disclosure " +
			"independent-problem-solving symptom-relief group-effectiveness knowledge-gain",
		"leadership":        "directive facilitating initiating flexible",
		"leader-role":       "psychotherapist counsellor trainer social-worker peer-host",
		"goal-perspective":  "member worker group-system",
		"case-phase":        "assessment process evaluation ending",
		"group-phase":       "planning beginning middle ending",
		"development-stage": "forming storming norming performing adjourning",
		"consent-element": "voluntary-participation terms-of-work goals-and-rules techniques-procedures " +
			"right-to-decline-exercise confidentiality-exceptions benefits-of-active-part informed-consent-form " +
			"withdrawal-rules member-confidentiality outside-contact attendance-agreement data-processing " +
			"reminders-and-feed recording-photography minor-assent-guardian",
	}
}

const wantedTypes = "task-work psychoeducational counselling psychotherapy support process skills psychosocial " +
	"self-help growth-training family-group community"

func TestEverySlugOfTheFieldIsThereAndNoOther(t *testing.T) {
	t.Parallel()
	want, got := map[string][]string{}, map[string][]string{}
	for name, slugs := range wanted() {
		want[name] = strings.Fields(slugs)
	}
	for _, v := range vocabularies(t) {
		got[v.Name] = slugsOf(v)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("vocabularies (-want +got):\n%s", diff)
	}
	files := slices.Sorted(maps.Keys(folder("vocabularies")))
	if diff := cmp.Diff(slices.Sorted(maps.Keys(want)), files); diff != "" {
		t.Errorf("files of vocabularies (-want +got):\n%s", diff)
	}
}

func TestTheTwelveGroupTypesTheFormAndTheContactsAreThere(t *testing.T) {
	t.Parallel()
	types := slices.Sorted(slices.Values(strings.Fields(wantedTypes)))
	if diff := cmp.Diff(types, slices.Sorted(maps.Keys(TypeFiles()))); diff != "" {
		t.Errorf("group types (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"intake"}, slices.Sorted(maps.Keys(FormFiles()))); diff != "" {
		t.Errorf("forms (-want +got):\n%s", diff)
	}
	for slug, g := range groupTypes(t) {
		if g.Slug != slug || g.Version != 1 || g.Form != "intake" {
			t.Errorf("types/%s.json says slug %q, version %d, form %q", slug, g.Slug, g.Version, g.Form)
		}
	}
}

func TestSlugsAreLowerCaseWords(t *testing.T) {
	t.Parallel()
	for _, v := range vocabularies(t) {
		for _, slug := range slugsOf(v) {
			if strings.Trim(slug, "abcdefghijklmnopqrstuvwxyz-") != "" || strings.Trim(slug, "-") != slug {
				t.Errorf("%s: %q is no slug", v.Name, slug)
			}
		}
	}
}

func TestABadVocabularyIsRefused(t *testing.T) {
	t.Parallel()
	const name = `"name":{"en":"a","pl":"b","lv":"c","fa":"d"}`
	if _, err := parseVocabulary([]byte(`{"vocabulary":"x","entries":[{"slug":"a",` + name + `}]}`)); err != nil {
		t.Fatalf("a good one: %v", err)
	}
	bad := map[string]string{
		"unknown field":      `{"vocabulary":"x","entries":[{"slug":"a","colour":"red",` + name + `}]}`,
		"trailing data":      `{"vocabulary":"x","entries":[]} {}`,
		"no slug":            `{"vocabulary":"x","entries":[{` + name + `}]}`,
		"slug twice":         `{"vocabulary":"x","entries":[{"slug":"a",` + name + `},{"slug":"a",` + name + `}]}`,
		"missing language":   `{"vocabulary":"x","entries":[{"slug":"a","name":{"en":"a","pl":"b","lv":"c"}}]}`,
		"version, no text":   `{"vocabulary":"x","entries":[{"slug":"a","version":1,` + name + `}]}`,
		"text, no version":   `{"vocabulary":"x","entries":[{"slug":"a","text":{"en":"a"},` + name + `}]}`,
		"text in some words": `{"vocabulary":"x","entries":[{"slug":"a","version":1,"text":{"en":"a"},` + name + `}]}`,
		"nothing":            ``,
	}
	for what, raw := range bad {
		if _, err := parseVocabulary([]byte(raw)); err == nil {
			t.Errorf("%s: taken", what)
		}
	}
}
