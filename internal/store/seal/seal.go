// Package seal keeps what is written about people unreadable without the installation's key: one data key a person
// (or a programme), wrapped by a key derived from the installation's; values bound to their table, column, record and
// owner, so that a value moved to another place does not open; and blind indexes to find a word without storing it.
// It leaves out where wrapped keys and sealed values are kept.
//
// AES-256-GCM with random 96-bit nonces throughout. A key seals far fewer values than the 2^32 where that ends.
package seal

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"strings"
)

// KeySize is the length of the installation's key, and of every other, in octets.
const KeySize = 32

// ErrUnreadable means a wrong key, or a value that was changed or moved.
var ErrUnreadable = errors.New("sealed value does not open")

// Place says where a sealed value stands. It is not stored with the value.
type Place struct{ Table, Column, Record string }

// Key seals and opens the values of one owner.
type Key interface {
	// Seal encrypts a value for its place.
	Seal(at Place, plain []byte) []byte
	// Open decrypts the value of that place, or says ErrUnreadable.
	Open(at Place, sealed []byte) ([]byte, error)
}

type key struct {
	aead  cipher.AEAD
	owner string
}

// Keyring is what the installation's key gives.
type Keyring struct {
	wrap  cipher.AEAD
	index []byte
	feeds []byte
	chain []byte
}

// New derives a Keyring from the installation's key, which must have KeySize octets.
func New(installation []byte) (*Keyring, error) {
	if len(installation) != KeySize {
		return nil, fmt.Errorf("the installation's key has %d octets instead of %d", len(installation), KeySize)
	}
	wrap, err := derive(installation, "grupa wrap 1")
	if err != nil {
		return nil, err
	}
	aead, err := newAEAD(wrap)
	if err != nil {
		return nil, err
	}
	index, err := derive(installation, "grupa blind index 1")
	if err != nil {
		return nil, err
	}
	feeds, err := derive(installation, "grupa feed 1")
	if err != nil {
		return nil, err
	}
	chain, err := derive(installation, "grupa audit chain 1")
	return &Keyring{wrap: aead, index: index, feeds: feeds, chain: chain}, err
}

// NewKey makes a data key for an owner, and the wrapped form of it that is stored.
func (k *Keyring) NewKey(owner string) (Key, []byte, error) {
	data := make([]byte, KeySize)
	_, _ = rand.Read(data) // never fails
	aead, err := newAEAD(data)
	if err != nil {
		return nil, nil, err
	}
	return key{aead, owner}, k.wrap.Seal(nil, nil, data, bind("key", owner)), nil
}

// Unwrap gives back the key of that owner.
func (k *Keyring) Unwrap(owner string, wrapped []byte) (Key, error) {
	data, err := k.wrap.Open(nil, nil, wrapped, bind("key", owner))
	if err != nil {
		return nil, fmt.Errorf("key of an owner: %w", ErrUnreadable)
	}
	aead, err := newAEAD(data)
	if err != nil {
		return nil, err
	}
	return key{aead, owner}, nil
}

// Index is the blind index of a word: 16 octets that are the same for the same kind and word, and tell nothing else.
func (k *Keyring) Index(kind, word string) []byte {
	mac := hmac.New(sha256.New, k.index)
	mac.Write(bind(kind, word))
	return mac.Sum(nil)[:16]
}

// FeedKey is the key that a feed's UIDs are made with.
func (k *Keyring) FeedKey(feed string) []byte {
	mac := hmac.New(sha256.New, k.feeds)
	mac.Write([]byte(feed))
	return mac.Sum(nil)
}

func (k key) Seal(at Place, plain []byte) []byte {
	return k.aead.Seal(nil, nil, plain, k.bind(at))
}

func (k key) Open(at Place, sealed []byte) ([]byte, error) {
	plain, err := k.aead.Open(nil, nil, sealed, k.bind(at))
	if err != nil {
		return nil, fmt.Errorf("%s.%s: %w", at.Table, at.Column, ErrUnreadable)
	}
	return plain, nil
}

func (k key) bind(at Place) []byte { return bind(at.Table, at.Column, at.Record, k.owner) }

// ChainKey is the key of the audit chain: whoever holds the database alone can't write a chain that fits.
func (k *Keyring) ChainKey() []byte { return k.chain }

// FromSecret derives a key from a secret of a client that is itself not kept, such as an idempotency key.
func FromSecret(secret, purpose string) (Key, error) {
	data, err := derive([]byte(secret), purpose)
	if err != nil {
		return nil, err
	}
	aead, err := newAEAD(data)
	return key{aead, purpose}, err
}

func derive(secret []byte, purpose string) ([]byte, error) {
	return hkdf.Key(sha256.New, secret, nil, purpose, KeySize)
}

func newAEAD(key []byte) (cipher.AEAD, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCMWithRandomNonce(block)
}

// bind joins the parts so that no two lists of parts give the same octets.
func bind(parts ...string) []byte {
	var b strings.Builder
	for _, p := range parts {
		fmt.Fprintf(&b, "%d:%s;", len(p), p)
	}
	return []byte(b.String())
}
