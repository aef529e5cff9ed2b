// Package api is the JSON API that openapi.yaml describes, and the calendar feeds. Types and the strict server interface
// are generated; methods read the request, call one rule in one unit of work, and map the result. It owns problem
// documents, who may call which route, idempotency and languages of answers. It leaves out every rule.
package api
