package group_test

import (
	"os"
	"testing"

	"grupa/internal/store/storetest"
)

func TestMain(m *testing.M) { os.Exit(storetest.Main(m)) }
