package main

import (
	"fmt"
	"os"
	"strings"
)

// fileEnv is the variable that names the file of a secret.
func (s setting) fileEnv() string { return s.env() + "_FILE" }

// mostSecret is more than any secret has; a larger file was named by mistake.
const mostSecret = 64 << 10

// given is what the setting has without its flag: its variable, the file of a secret, or its default.
func (s setting) given(env lookup) (string, error) {
	value, ok := env(s.env())
	if s.kind == secret {
		if path, inFile := env(s.fileEnv()); inFile {
			if ok && value != "" {
				return "", fmt.Errorf("%s and %s are both set: keep one of them", s.env(), s.fileEnv())
			}
			return s.read(path)
		}
	}
	if !ok {
		value = s.deflt
	}
	return value, nil
}

// read takes a secret from its file, without the end of its line.
func (s setting) read(path string) (string, error) {
	info, err := os.Stat(path)
	if err != nil {
		return "", fmt.Errorf("%s: %w", s.fileEnv(), err)
	}
	if info.Size() > mostSecret {
		return "", fmt.Errorf("%s: %s is too large to be a secret", s.fileEnv(), path)
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		return "", fmt.Errorf("%s: %w", s.fileEnv(), err)
	}
	return strings.TrimRight(string(raw), "\r\n"), nil
}

// refused says what is wrong with a setting, and quotes it unless it is a secret.
func (s setting) refused(err error) error {
	if s.kind == secret {
		return fmt.Errorf("--%s (%s) can't be taken: %w", s.flag, s.env(), err)
	}
	return fmt.Errorf("--%s (%s) is %q: %w", s.flag, s.env(), *s.value, err)
}
