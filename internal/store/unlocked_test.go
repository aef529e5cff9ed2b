package store_test

import (
	"strings"
	"testing"

	"grupa/internal/store/storetest"
)

func TestWhatPostgreSQLDoesNotHoldIsFoundByTheCheck(t *testing.T) {
	t.Parallel()
	s := storetest.New(t, storetest.Options{Engine: storetest.PostgreSQL})
	s.Apply(storetest.Filled("Somebody"))
	noError(t, s.Check(t.Context()))
	for _, table := range []string{"person", "application"} {
		exec(t, raw(t, s.Database), "UPDATE "+table+" SET programme_id = 'none'")
		if err := s.Check(t.Context()); err == nil || !strings.Contains(err.Error(), "FROM "+table) {
			t.Errorf("a %s of no programme: %v", table, err)
		}
		exec(t, raw(t, s.Database), "UPDATE "+table+" SET programme_id = (SELECT id FROM programme)")
	}
	exec(t, raw(t, s.Database), "UPDATE application SET form_version = 99")
	if err := s.Check(t.Context()); err == nil || !strings.Contains(err.Error(), "FROM form") {
		t.Errorf("an application of no form: %v", err)
	}
}
