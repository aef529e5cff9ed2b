package store

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"filippo.io/age"
)

// A backup is a line that says what it is, a line of JSON (Manifest), an SQLite file of our schema whichever engine it
// came from, and the SHA-256 of all that. With a recipient, the whole of it is wrapped by age.
const (
	backupMagic   = "grupa backup "
	backupVersion = "1"
	ageMagic      = "age-encryption.org/"
)

// Manifest is what a backup says about itself.
type Manifest struct {
	ID     string              `json:"id"`      // the record of the audit rows backup.make and backup.restore
	MadeAt time.Time           `json:"made_at"` // UTC
	Engine string              `json:"engine"`  // that it came from: sqlite or postgres
	Schema int64               `json:"schema"`  // its version
	Size   int64               `json:"size"`    // of the database file that follows, in octets
	Tables map[string]TableSum `json:"tables"`
	Audit  AuditHead           `json:"audit"`
}

// TableSum is what a table held in the snapshot. The checksum is there where rows crossed from one engine to the other.
type TableSum struct {
	Rows   int64  `json:"rows"`
	SHA256 string `json:"sha256,omitempty"` // of the rows in the order of their primary key, in hexadecimal
}

// AuditHead is the last link of the audit chain in the snapshot. The zero value means that nothing was chained yet.
type AuditHead struct {
	Seq  int64  `json:"seq"`
	Hash string `json:"hash"` // in hexadecimal
}

// Rows counts the rows of all tables.
func (m Manifest) Rows() (n int64) {
	for _, t := range m.Tables {
		n += t.Rows
	}
	return n
}

// What can be wrong with a backup. Each is a sentence for whoever sits at the terminal.
var (
	ErrNotBackup     = errors.New("this is not a backup of Grupa, or its beginning is damaged: use another copy")
	ErrBackupDamaged = errors.New("the backup is cut short or damaged: use another copy")
	ErrBackupNewer   = errors.New("the backup was made by a newer version: restore it with that version")
	ErrBackupLocked  = errors.New("the backup is encrypted: name the file of its age identity with --backup-identity")
	ErrBackupKey     = errors.New("this age identity does not open the backup: use the one that it was encrypted to")
)

// CheckRecipients says whether backups can be encrypted to these age recipients, which have commas between them. The
// error never repeats what was given: it may be the secret half.
func CheckRecipients(recipients string) error {
	if recipients == "" {
		return nil
	}
	if strings.Contains(strings.ToUpper(recipients), "AGE-SECRET-KEY") {
		return errors.New("that is the secret half, which belongs on no server: write the public one, age1…")
	}
	all, err := ageRecipients(recipients)
	if err != nil {
		return errors.New("write an age recipient, age1…, such as age-keygen prints")
	}
	if _, err := age.Encrypt(io.Discard, all...); err != nil {
		return errors.New("these recipients can't open the same file: write only age1pq1… or none of them")
	}
	return nil
}

func ageRecipients(recipients string) ([]age.Recipient, error) {
	return age.ParseRecipients(strings.NewReader(strings.ReplaceAll(recipients, ",", "\n")))
}

// writeBackup writes a whole backup. file is read from where it stands.
func writeBackup(to io.Writer, recipients string, m Manifest, file io.Reader) error {
	if recipients == "" {
		return writePlain(to, m, file)
	}
	all, err := ageRecipients(recipients)
	if err != nil {
		return err
	}
	sealed, err := age.Encrypt(to, all...)
	if err != nil {
		return err
	}
	return errors.Join(writePlain(sealed, m, file), sealed.Close())
}

func writePlain(to io.Writer, m Manifest, file io.Reader) error {
	head, err := json.Marshal(m)
	if err != nil {
		return err
	}
	sum := sha256.New()
	all := io.MultiWriter(to, sum)
	if _, err := fmt.Fprintf(all, "%s%s\n%s\n", backupMagic, backupVersion, head); err != nil {
		return err
	}
	n, err := io.CopyBuffer(all, io.LimitReader(file, m.Size), make([]byte, backupBuffer))
	if err == nil && n < m.Size {
		err = io.ErrUnexpectedEOF
	}
	if err != nil {
		return err
	}
	_, err = to.Write(sum.Sum(nil))
	return err
}

// backupBuffer also bounds the two lines at the beginning.
const backupBuffer = 1 << 20

// readBackup writes the database file of a backup to into. Nothing that the backup says is believed before its last
// octet has confirmed the sum, so on an error into may have got anything.
func readBackup(from io.Reader, identities string, into io.Writer) (m Manifest, err error) {
	plain, err := decrypted(bufio.NewReader(from), identities)
	if err != nil {
		return m, err
	}
	in := bufio.NewReaderSize(plain, backupBuffer)
	first, err := line(in)
	version, ours := strings.CutPrefix(first, backupMagic)
	switch {
	case !ours:
		return m, ErrNotBackup
	case err != nil:
		return m, damaged(err)
	case version != backupVersion:
		return m, ErrBackupNewer
	}
	head, err := line(in)
	if err != nil {
		return m, damaged(err)
	}
	sum := sha256.New()
	_, _ = fmt.Fprintf(sum, "%s\n%s\n", first, head) // a hash never fails
	body := &holdBack{to: io.MultiWriter(into, sum)}
	n, err := in.WriteTo(body)
	if err != nil {
		return m, body.blame(err)
	}
	if !bytes.Equal(sum.Sum(nil), body.kept) {
		return m, ErrBackupDamaged
	}
	if err := json.Unmarshal([]byte(head), &m); err != nil || m.Size != n-sha256.Size {
		return m, ErrBackupDamaged
	}
	return m, nil
}

// line reads a line without its end. One that is longer than the buffer is none of ours.
func line(in *bufio.Reader) (string, error) {
	l, err := in.ReadSlice('\n')
	return strings.TrimSuffix(string(l), "\n"), err
}

// decrypted takes age's wrapping off where there is one.
func decrypted(in *bufio.Reader, identities string) (io.Reader, error) {
	if start, _ := in.Peek(len(ageMagic)); string(start) != ageMagic {
		return in, nil // what it is instead is for the reading to say
	}
	if identities == "" {
		return nil, ErrBackupLocked
	}
	all, err := age.ParseIdentities(strings.NewReader(identities))
	if err != nil {
		return nil, errors.New("the identity file holds no age identity, AGE-SECRET-KEY-…: name the one of age-keygen")
	}
	plain, err := age.Decrypt(in, all...)
	if _, none := errors.AsType[*age.NoIdentityMatchError](err); none {
		return nil, ErrBackupKey
	}
	if err != nil {
		return nil, damaged(err)
	}
	return plain, nil
}

func damaged(err error) error { return fmt.Errorf("%w (%w)", ErrBackupDamaged, err) }

// holdBack passes on all that is written to it but the last octets: they are the sum of the others.
type holdBack struct {
	to     io.Writer
	kept   []byte
	failed error // of writing on
}

// Write implements io.Writer.
func (h *holdBack) Write(p []byte) (int, error) {
	h.kept = append(h.kept, p...)
	n := len(h.kept) - sha256.Size
	if n <= 0 {
		return len(p), nil
	}
	if _, h.failed = h.to.Write(h.kept[:n]); h.failed != nil {
		return 0, h.failed
	}
	h.kept = append(h.kept[:0], h.kept[n:]...)
	return len(p), nil
}

// blame tells a disk that is full from a backup that can't be read.
func (h *holdBack) blame(err error) error {
	if h.failed != nil {
		return h.failed
	}
	return damaged(err)
}
