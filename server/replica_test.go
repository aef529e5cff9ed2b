package main

import (
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"grupa/api"
	"grupa/internal/store/storetest"
)

// onPostgres makes processes of one database, each in a folder of its own and with the same key file.
func onPostgres(t *testing.T, database, key string, n int) []*process {
	t.Helper()
	var all []*process
	for range n {
		p := newProcess(t)
		p.settings = []string{"GRUPA_DATABASE_URL=" + database, "GRUPA_KEY_FILE=" + key}
		all = append(all, p)
	}
	return all
}

func TestTwoReplicasThatStartAtOnceShareOneInstallation(t *testing.T) {
	t.Parallel()
	database, key := storetest.Empty(t, storetest.PostgreSQL), filepath.Join(t.TempDir(), "grupa.key")
	// The key is made where the first start happens, and copied before the others'.
	if err := os.WriteFile(key, []byte(strings.Repeat("QUFB", 10)+"QUE=\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	replicas := onPostgres(t, database, key, 2)
	var starting sync.WaitGroup
	for _, p := range replicas {
		starting.Go(func() { p.start("--metrics-listen", "127.0.0.1:0") })
	}
	starting.Wait()
	if t.Failed() {
		t.FailNow()
	}
	_, token := replicas[0].staff("coordinator@example.org", "coordinator")
	for n, p := range replicas {
		l := &life{t: t, url: p.url}
		l.do("GET", "/api/v1/groups", token, nil, &api.GroupList{})
		if left, err := os.ReadDir(filepath.Join(p.folder, "data")); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("replica %d made a data folder: %v, %v", n, left, err)
		}
		if _, text, err := ask(t, p.private()+"/metrics"); err != nil || !strings.Contains(text, `engine="postgres"`) {
			t.Errorf("replica %d: %v %.200s", n, err, text)
		}
	}
	replicas[0].run("person", "disable", "coordinator@example.org")
	r, err := http.NewRequestWithContext(t.Context(), "GET", replicas[1].url+"/api/v1/groups", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+token)
	if resp, err := http.DefaultClient.Do(r); err != nil || resp.StatusCode != http.StatusUnauthorized {
		t.Errorf("disabled at one replica, the other still lets in: %v, %v", resp, err)
	}
	for _, p := range replicas {
		p.stop()
	}
	if out := replicas[0].run("check"); !strings.Contains(out, "all well") {
		t.Error(out)
	}
}

func TestAReplicaWithAnotherKeyIsRefusedAndOneWithoutMakesNone(t *testing.T) {
	t.Parallel()
	database := storetest.Empty(t, storetest.PostgreSQL)
	first := onPostgres(t, database, "keys/grupa.key", 1)[0]
	if out := first.run("migrate"); !strings.Contains(out, "Made the key") {
		t.Errorf("the first start says %q", out)
	}
	second := onPostgres(t, database, "keys/grupa.key", 1)[0]
	if out, err := second.try("migrate"); err == nil || !strings.Contains(out, "put back your copy") {
		t.Errorf("without a key: %v %s", err, out)
	}
	if _, err := os.Stat(filepath.Join(second.folder, "keys")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("it made a key: %v", err)
	}
	if err := os.Mkdir(filepath.Join(second.folder, "keys"), 0o700); err != nil {
		t.Fatal(err)
	}
	other := filepath.Join(second.folder, "keys", "grupa.key")
	if err := os.WriteFile(other, []byte(strings.Repeat("QUFB", 10)+"QUE=\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := second.try("migrate"); err == nil || !strings.Contains(out, "put back the right one") {
		t.Errorf("with another key: %v %s", err, out)
	}
}

func TestTheDemoLeavesASetDatabaseAlone(t *testing.T) {
	t.Parallel()
	p := onPostgres(t, "postgres://nobody:nothing@127.0.0.1:1/none", "keys/grupa.key", 1)[0]
	p.start("demo") // which fails if it reaches for that database
	p.stop()
}
