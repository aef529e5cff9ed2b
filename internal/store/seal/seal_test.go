package seal_test

import (
	"bytes"
	"errors"
	"testing"

	"pgregory.net/rapid"

	"grupa/internal/store/seal"
)

func keyring(t testing.TB, octet byte) *seal.Keyring {
	t.Helper()
	k, err := seal.New(bytes.Repeat([]byte{octet}, seal.KeySize))
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func newKey(t testing.TB, k *seal.Keyring, owner string) (seal.Key, []byte) {
	t.Helper()
	key, wrapped, err := k.NewKey(owner)
	if err != nil {
		t.Fatal(err)
	}
	return key, wrapped
}

func placeOf(r *rapid.T) seal.Place {
	part := rapid.StringMatching(`[a-z.:;0-9]{0,6}`)
	return seal.Place{Table: part.Draw(r, "table"), Column: part.Draw(r, "column"), Record: part.Draw(r, "record")}
}

func TestASealedValueOpensInItsPlaceAndNowhereElse(t *testing.T) {
	t.Parallel()
	k := keyring(t, 1)
	rapid.Check(t, func(r *rapid.T) {
		key, wrapped := newKey(t, k, "owner")
		at, other := placeOf(r), placeOf(r)
		plain := rapid.SliceOf(rapid.Byte()).Draw(r, "plain")
		sealed := key.Seal(at, plain)
		again, err := k.Unwrap("owner", wrapped)
		if err != nil {
			r.Fatal(err)
		}
		if got, err := again.Open(at, sealed); err != nil || !bytes.Equal(got, plain) {
			r.Fatalf("opened as %q, %v", got, err)
		}
		if _, err := key.Open(other, sealed); other != at && !errors.Is(err, seal.ErrUnreadable) {
			r.Fatalf("opens in another place: %v", err)
		}
		if len(plain) > 8 && bytes.Contains(sealed, plain) {
			r.Fatal("the value stands in its sealed form")
		}
	})
}

func TestAnyChangedOctetIsFound(t *testing.T) {
	t.Parallel()
	key, _ := newKey(t, keyring(t, 1), "owner")
	at := seal.Place{Table: "person", Column: "contact", Record: "1"}
	sealed := key.Seal(at, []byte("a name"))
	for n := range sealed {
		changed := bytes.Clone(sealed)
		changed[n] ^= 1
		if _, err := key.Open(at, changed); !errors.Is(err, seal.ErrUnreadable) {
			t.Errorf("octet %d: %v", n, err)
		}
	}
	for n := range sealed {
		if _, err := key.Open(at, sealed[:n]); !errors.Is(err, seal.ErrUnreadable) {
			t.Errorf("cut to %d: %v", n, err)
		}
	}
}

func TestAKeyIsOfItsOwnerAndItsInstallation(t *testing.T) {
	t.Parallel()
	k := keyring(t, 1)
	_, wrapped := newKey(t, k, "owner")
	if _, err := k.Unwrap("another", wrapped); !errors.Is(err, seal.ErrUnreadable) {
		t.Errorf("another owner: %v", err)
	}
	if _, err := keyring(t, 2).Unwrap("owner", wrapped); !errors.Is(err, seal.ErrUnreadable) {
		t.Errorf("another installation: %v", err)
	}
	if _, err := k.Unwrap("owner", nil); !errors.Is(err, seal.ErrUnreadable) {
		t.Errorf("a destroyed key: %v", err)
	}
	at := seal.Place{Table: "t", Column: "c", Record: "r"}
	one, _ := newKey(t, k, "owner")
	two, _ := newKey(t, k, "owner")
	if _, err := two.Open(at, one.Seal(at, []byte("x"))); !errors.Is(err, seal.ErrUnreadable) {
		t.Errorf("two keys of one owner are alike: %v", err)
	}
}

func TestTheSameValueIsNeverSealedAlike(t *testing.T) {
	t.Parallel()
	key, _ := newKey(t, keyring(t, 1), "owner")
	seen := map[string]bool{}
	for range 1000 {
		sealed := string(key.Seal(seal.Place{}, []byte("yes")))
		if seen[sealed] {
			t.Fatal("two answers can be told to be the same")
		}
		seen[sealed] = true
	}
}

func TestTheBlindIndexTellsKindsWordsAndInstallationsApart(t *testing.T) {
	t.Parallel()
	one, other := keyring(t, 1), keyring(t, 2)
	same := one.Index("word", "anna")
	if !bytes.Equal(same, keyring(t, 1).Index("word", "anna")) {
		t.Error("the same word is not found again")
	}
	for what, index := range map[string][]byte{
		"another word": one.Index("word", "hanna"), "another kind": one.Index("staff", "anna"),
		"parts shifted": one.Index("wor", "danna"), "another installation": other.Index("word", "anna"),
	} {
		if bytes.Equal(same, index) {
			t.Errorf("%s has the same index", what)
		}
	}
	if bytes.Equal(one.FeedKey("f"), other.FeedKey("f")) || bytes.Equal(one.FeedKey("f"), one.FeedKey("g")) {
		t.Error("two feeds share a key")
	}
}

func TestAKeyOfTheWrongLengthIsRefused(t *testing.T) {
	t.Parallel()
	for _, n := range []int{0, 16, seal.KeySize - 1, seal.KeySize + 1} {
		if _, err := seal.New(make([]byte, n)); err == nil {
			t.Errorf("%d octets were taken", n)
		}
	}
}

func TestAKeyFromASecretOpensOnlyWithTheSecretAndForItsPurpose(t *testing.T) {
	t.Parallel()
	at := seal.Place{Table: "t", Column: "c", Record: "r"}
	from := func(secret, purpose string) seal.Key {
		key, err := seal.FromSecret(secret, purpose)
		if err != nil {
			t.Fatal(err)
		}
		return key
	}
	sealed := from("secret", "purpose").Seal(at, []byte("answer"))
	if got, err := from("secret", "purpose").Open(at, sealed); err != nil || string(got) != "answer" {
		t.Errorf("opened as %q, %v", got, err)
	}
	for _, key := range []seal.Key{from("secrets", "purpose"), from("secret", "purposes")} {
		if _, err := key.Open(at, sealed); !errors.Is(err, seal.ErrUnreadable) {
			t.Errorf("another secret or purpose: %v", err)
		}
	}
}
