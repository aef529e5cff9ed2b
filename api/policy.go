package api

import "grupa/internal/account"

// policy says who may call a route. What a caller may see of what the route loads is the store's scope, and what they
// may do to it the rule's decision; this is the first of three doors.
type policy struct {
	open      bool           // anyone, without a secret
	address   bool           // the address is the secret: nobody is asked who they are
	memory    bool           // answered without the database, and so also when it is gone
	applicant bool           // the holder of a receipt code
	staff     []account.Role // one of these
}

var (
	anyone       = policy{open: true}
	always       = policy{open: true, memory: true}
	addressees   = policy{open: true, address: true}
	applicants   = policy{applicant: true}
	coordinators = policy{staff: []account.Role{account.Coordinator}}
	planners     = policy{staff: []account.Role{account.Coordinator, account.Administrator}}
	leaders      = policy{staff: []account.Role{account.Coordinator, account.Facilitator}}
)

const calendarRoute = "/calendar/:token/calendar.ics"

// policies has every route. The server refuses to start when one is missing or too many.
var policies = map[string]policy{
	"GET /api/v1/help":                                 always,
	"GET /api/v1/vocabularies":                         always,
	"GET /api/v1/group-types":                          anyone,
	"GET /api/v1/group-types/:slug":                    anyone,
	"GET /api/v1/forms":                                anyone,
	"GET /api/v1/forms/:slug":                          anyone,
	"POST /api/v1/applications":                        anyone,
	"GET /api/v1/applications":                         coordinators,
	"GET /api/v1/applications/:id":                     coordinators,
	"GET /api/v1/applications/:id/screening":           coordinators,
	"POST /api/v1/applications/:id/screening":          coordinators,
	"GET /api/v1/applications/:id/decisions":           coordinators,
	"POST /api/v1/applications/:id/decisions":          coordinators,
	"GET /api/v1/applications/:id/offers":              coordinators,
	"POST /api/v1/applications/:id/offers":             coordinators,
	"DELETE /api/v1/applications/:id/offers/:offer_id": coordinators,
	"GET /api/v1/me":                                   applicants,
	"GET /api/v1/me/offers":                            applicants,
	"POST /api/v1/me/offers/:offer_id/accept":          applicants,
	"POST /api/v1/me/offers/:offer_id/decline":         applicants,
	"POST /api/v1/me/withdraw":                         applicants,
	"GET /api/v1/me/sessions":                          applicants,
	"GET /api/v1/me/consents":                          applicants,
	"GET /api/v1/me/feeds":                             applicants,
	"POST /api/v1/me/feeds":                            applicants,
	"DELETE /api/v1/me/feeds/:feed_id":                 applicants,
	"GET /api/v1/groups":                               leaders,
	"POST /api/v1/groups":                              coordinators,
	"GET /api/v1/groups/:id":                           leaders,
	"PATCH /api/v1/groups/:id":                         coordinators,
	"GET /api/v1/groups/:id/members":                   leaders,
	"POST /api/v1/groups/:id/series":                   coordinators,
	"GET /api/v1/groups/:id/sessions":                  leaders,
	"GET /api/v1/sessions/:id":                         leaders,
	"PATCH /api/v1/sessions/:id":                       coordinators,
	"GET /api/v1/rooms":                                planners,
	"POST /api/v1/rooms":                               planners,
	"GET /api/v1/facilitators":                         coordinators,
	"GET " + calendarRoute:                             addressees,
	"HEAD " + calendarRoute:                            addressees,
	"GET /docs":                                        always,
	"GET /docs/reference.css":                          always,
	"GET /api/v1/openapi.json":                         always,
	"GET /healthz":                                     always,
	"GET /readyz":                                      always,
}
