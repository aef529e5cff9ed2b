package api

import (
	"log/slog"
	"net/http"
	"time"

	"grupa/internal/account"
)

// FeedCache is the cache by itself, without a database.
type FeedCache struct{ *feedCache }

// NewFeedCache keeps so many bytes at most.
func NewFeedCache(most int) FeedCache { return FeedCache{newFeedCache(nil, slog.Default(), most)} }

// Keep puts a feed into the cache.
func (c FeedCache) Keep(version int64, token string, body []byte, packed bool) {
	var z *packer
	if packed {
		z = &c.packer
	}
	f := newFeedFile(body, time.Now(), time.Now(), z)
	c.keep(edition{version: version}, feedKey{account.HashOf(token), packed}, f)
}

// Body is what is served of a feed; nil where it is not there.
func (c FeedCache) Body(version int64, token string, packed bool) []byte {
	if f := c.find(edition{version: version}, feedKey{account.HashOf(token), packed}); f != nil {
		return f.body
	}
	return nil
}

// Counted is what the cache believes to take, and how many feeds it has.
func (c FeedCache) Counted() (bytes, feeds int) { return c.bytes, len(c.entries) }

// FeedHandler serves one feed.
func FeedHandler(body []byte, modified time.Time, packed bool) http.Handler {
	var z *packer
	if packed {
		z = &packer{}
	}
	return http.HandlerFunc(newFeedFile(body, modified, modified, z).serve)
}
