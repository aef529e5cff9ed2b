package api_test

import (
	"testing"

	"grupa/api"
)

func TestAnApplicantGetsAReceiptThatOpensOnlyTheirOwnRecord(t *testing.T) {
	t.Parallel()
	s := newService(t)
	var receipt api.Receipt
	s.call("POST", "/api/v1/applications", "", filled("Ada")).into(201, &receipt)
	var me api.Me
	s.call("GET", "/api/v1/me", receipt.ReceiptCode, nil).into(200, &me)
	if me.ApplicationID != receipt.ID || me.State != "submitted" {
		t.Errorf("the receipt of %s opened %+v", receipt.ID, me)
	}
	s.call("GET", "/api/v1/me", "AAAA-AAAA-AAAA-AAAA-AAAA-AAAA", nil).problem(401)
}
