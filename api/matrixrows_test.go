package api_test

import "strings"

// What of an operation is nobody's but anyone's.
const forAnyone = "200 200 200 200 200 200 200 200 200 200"

// matrix has every operation of the contract, by its id, with what each caller gets: columns as in callers.
//
//	nobody unknown revoked | stranger owner | coordinator leader facilitator administrator | elsewhere
func matrix() map[string]row {
	return map[string]row{
		"getHelp":           {ours: forAnyone},
		"listVocabularies":  {ours: forAnyone},
		"listGroupTypes":    {ours: forAnyone},
		"listForms":         {ours: forAnyone},
		"getGroupType":      {ours: forAnyone, nowhere: strings.ReplaceAll(forAnyone, "200", "404")},
		"getForm":           {ours: forAnyone, nowhere: strings.ReplaceAll(forAnyone, "200", "404")},
		"getCalendar":       {ours: forAnyone, theirs: forAnyone, nowhere: strings.ReplaceAll(forAnyone, "200", "404")},
		"submitApplication": {ours: strings.ReplaceAll(forAnyone, "200", "201"), body: aFormBody},

		"listApplications": {ours: "401 401 401  403 403  200 403 403 403  200"},
		"getApplication": {
			ours:    "401 401 401  403 403  200 403 403 403  404",
			theirs:  "401 401 401  403 403  404 403 403 403  200",
			nowhere: "401 401 401  403 403  404 403 403 403  404",
		},
		"getScreening": {
			ours:    "401 401 401  403 403  200 403 403 403  404",
			theirs:  "401 401 401  403 403  404 403 403 403  200",
			nowhere: "401 401 401  403 403  404 403 403 403  404",
		},
		"rescreen": {
			ours:    "401 401 401  403 403  201 403 403 403  404",
			theirs:  "401 401 401  403 403  404 403 403 403  201",
			nowhere: "401 401 401  403 403  404 403 403 403  404",
		},
		"listDecisions": {
			ours:    "401 401 401  403 403  200 403 403 403  404",
			theirs:  "401 401 401  403 403  404 403 403 403  200",
			nowhere: "401 401 401  403 403  404 403 403 403  404",
		},
		"decide": {
			ours:    "401 401 401  403 403  201 403 403 403  404",
			theirs:  "401 401 401  403 403  404 403 403 403  201",
			nowhere: "401 401 401  403 403  404 403 403 403  404",
			body:    aDecision, ifMatch: `"2"`,
		},
		"listOffers": {
			ours:    "401 401 401  403 403  200 403 403 403  404",
			theirs:  "401 401 401  403 403  404 403 403 403  200",
			nowhere: "401 401 401  403 403  404 403 403 403  404",
		},
		"makeOffer": {
			ours:    "401 401 401  403 403  201 403 403 403  404",
			theirs:  "401 401 401  403 403  404 403 403 403  201",
			nowhere: "401 401 401  403 403  404 403 403 403  404",
			body:    anOffer,
		},
		"takeBackOffer": {
			ours:    "401 401 401  403 403  204 403 403 403  404",
			theirs:  "401 401 401  403 403  404 403 403 403  204",
			nowhere: "401 401 401  403 403  404 403 403 403  404",
		},

		"getMe":          {ours: "401 401 401  200 200  403 403 403 403  403"},
		"listMyOffers":   {ours: "401 401 401  200 200  403 403 403 403  403"},
		"listMySessions": {ours: "401 401 401  200 200  403 403 403 403  403"},
		"listMyConsents": {ours: "401 401 401  200 200  403 403 403 403  403"},
		"listMyFeeds":    {ours: "401 401 401  200 200  403 403 403 403  403"},
		"makeFeed":       {ours: "401 401 401  201 201  403 403 403 403  403", body: aFeed},
		"withdraw":       {ours: "401 401 401  204 204  403 403 403 403  403"},
		"acceptOffer": {
			ours:    "401 401 401  404 201  403 403 403 403  403",
			theirs:  "401 401 401  404 404  403 403 403 403  403",
			nowhere: "401 401 401  404 404  403 403 403 403  403",
			body:    anAcceptance,
		},
		"declineOffer": {
			ours:    "401 401 401  404 204  403 403 403 403  403",
			theirs:  "401 401 401  404 404  403 403 403 403  403",
			nowhere: "401 401 401  404 404  403 403 403 403  403",
		},
		"stopFeed": {
			ours:    "401 401 401  404 204  403 403 403 403  403",
			theirs:  "401 401 401  404 404  403 403 403 403  403",
			nowhere: "401 401 401  404 404  403 403 403 403  403",
		},

		// New groups and rooms belong to the first programme, so far.
		"listGroups":  {ours: "401 401 401  403 403  200 200 200 403  200"},
		"createGroup": {ours: "401 401 401  403 403  201 403 403 403  403", body: aGroup},
		"getGroup": {
			ours:    "401 401 401  403 403  200 200 404 403  404",
			theirs:  "401 401 401  403 403  404 404 404 403  200",
			nowhere: "401 401 401  403 403  404 404 404 403  404",
		},
		"changeGroup": {
			ours:    "401 401 401  403 403  200 403 403 403  404",
			theirs:  "401 401 401  403 403  404 403 403 403  200",
			nowhere: "401 401 401  403 403  404 403 403 403  404",
			body:    aTitle, ifMatch: `"1"`,
		},
		"listMembers": {
			ours:    "401 401 401  403 403  200 200 404 403  404",
			theirs:  "401 401 401  403 403  404 404 404 403  200",
			nowhere: "401 401 401  403 403  404 404 404 403  404",
		},
		"planSeries": {
			ours:    "401 401 401  403 403  201 403 403 403  404",
			theirs:  "401 401 401  403 403  404 403 403 403  201",
			nowhere: "401 401 401  403 403  404 403 403 403  404",
			body:    aSeries,
		},
		"listSessions": {
			ours:    "401 401 401  403 403  200 200 404 403  404",
			theirs:  "401 401 401  403 403  404 404 404 403  200",
			nowhere: "401 401 401  403 403  404 404 404 403  404",
		},
		"getSession": {
			ours:    "401 401 401  403 403  200 200 404 403  404",
			theirs:  "401 401 401  403 403  404 404 404 403  200",
			nowhere: "401 401 401  403 403  404 404 404 403  404",
		},
		"changeSession": {
			ours:    "401 401 401  403 403  200 403 403 403  404",
			theirs:  "401 401 401  403 403  404 403 403 403  200",
			nowhere: "401 401 401  403 403  404 403 403 403  404",
			body:    aCancellation, ifMatch: `"1"`,
		},
		"listRooms":        {ours: "401 401 401  403 403  200 403 403 200  200"},
		"createRoom":       {ours: "401 401 401  403 403  201 403 403 201  403", body: aRoom},
		"listFacilitators": {ours: "401 401 401  403 403  200 403 403 403  200"},
	}
}

func aFormBody(*world, things) any { return []byte(aForm) }

func aDecision(*world, things) any {
	return map[string]any{"decision": "waitlisted", "group_type": "support"}
}

func anOffer(_ *world, o things) any {
	return map[string]any{"group_id": o.spare, "expires_at": "2026-09-23T08:00:00Z"}
}

func anAcceptance(w *world, _ things) any { return map[string]any{"consents": w.agreed()} }

func aFeed(*world, things) any { return map[string]any{"detail": "discreet", "summary": "Swimming"} }

func aGroup(*world, things) any { return map[string]any{"group_type": "support", "language": "pl"} }

func aTitle(*world, things) any { return map[string]any{"title": "Wednesdays"} }

func aSeries(*world, things) any { return []byte(aPlan) }

func aCancellation(*world, things) any { return map[string]any{"state": "cancelled"} }

func aRoom(*world, things) any { return map[string]any{"name": "Blue", "capacity": 8} }
