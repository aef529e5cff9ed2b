#!/bin/sh
# One person's way from a filled form to a session in a calendar, by curl alone. The README shows this script.
#
#   BASE=http://127.0.0.1:8080 TOKEN=<a coordinator's token> sh server/testdata/walk.sh
#
# FACILITATOR, where it is set, is the id of a facilitator who shall lead; otherwise the first one is taken.
# OUT is the folder in which every answer is kept, as numbered files; otherwise a new one.
set -eu
OUT="${OUT:-$(mktemp -d)}"
HERE=$(dirname "$0")

# text NAME FILE: the first text of that name in a JSON answer.
text() { sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p" "$2" | head -n 1; }
# each NAME FILE: all texts of that name, one a line.
each() { grep -o "\"$1\":\"[^\"]*\"" "$2" | cut -d '"' -f 4; }

# call FILE METHOD PATH SECRET [BODY] [HEADER]: keeps the answer in FILE, its headers in FILE.head; fails on an error.
call() {
  file="$OUT/$1" method="$2" path="$3" secret="$4" body="${5:-}" header="${6:-X-None: none}"
  set -- -sS -X "$method" -D "$file.head" -o "$file" -H "Accept-Language: en" -H "$header"
  [ -z "$secret" ] || set -- "$@" -H "Authorization: Bearer $secret"
  [ -z "$body" ] || set -- "$@" -H "Content-Type: application/json" -d "$body"
  curl -f "$@" "$BASE$path" || { cat "$file" >&2; exit 1; }
}
# etag FILE: the version of the record in that answer.
etag() { sed -n 's/^[Ee][Tt][Aa][Gg]: *\([^[:space:]]*\).*/\1/p' "$OUT/$1.head"; }

# 1. Someone fills the form in Persian. They get a receipt code, shown once, and the screening in Persian.
call 01-receipt.json POST /api/v1/applications "" "@$HERE/application-fa.json"
ID=$(sed -n 's/.*"id":"\([A-Z2-7]\{26\}\)".*/\1/p' "$OUT/01-receipt.json")
RECEIPT=$(text receipt_code "$OUT/01-receipt.json")
call 02-me.json GET /api/v1/me "$RECEIPT"

# 2. The coordinator finds the application, opens it, and reads the same reasons in English.
call 03-applications.json GET "/api/v1/applications?group_type=support&verdict=suits" "$TOKEN"
call 04-application.json GET "/api/v1/applications/$ID" "$TOKEN"
call 05-screening.json GET "/api/v1/applications/$ID/screening" "$TOKEN"

# 3. The coordinator decides that a support group suits.
call 06-decision.json POST "/api/v1/applications/$ID/decisions" "$TOKEN" \
  '{"decision": "eligible", "group_type": "support"}' "If-Match: $(etag 04-application.json)"

# 4. A room, a group, and ten weekly sessions at 18:00 in Warsaw, over the change of clocks in October.
YEAR=$(($(date +%Y) + 1))
call 07-facilitators.json GET /api/v1/facilitators "$TOKEN"
LEADER="${FACILITATOR:-$(each id "$OUT/07-facilitators.json" | head -n 1)}"
call 08-room.json POST /api/v1/rooms "$TOKEN" '{"name": "Lipowa 4", "capacity": 12}'
ROOM=$(text id "$OUT/08-room.json")
call 09-group.json POST /api/v1/groups "$TOKEN" \
  "{\"group_type\": \"support\", \"title\": \"Tuesday circle\", \"language\": \"fa\", \"capacity\": 8, \"facilitator_ids\": [\"$LEADER\"]}"
GROUP=$(text id "$OUT/09-group.json")
call 10-series.json POST "/api/v1/groups/$GROUP/series" "$TOKEN" \
  "{\"start_local\": \"$YEAR-10-05T18:00\", \"time_zone\": \"Europe/Warsaw\", \"duration_minutes\": 90, \"every\": 1, \"count\": 10, \"room_id\": \"$ROOM\"}"

# 5. The coordinator offers a seat, held for a week; the applicant reads what it asks consent for, and accepts.
EXPIRES=$(date -u -d '+7 days' +%Y-%m-%dT%H:%M:%SZ 2>/dev/null || date -u -v+7d +%Y-%m-%dT%H:%M:%SZ)
call 11-offer.json POST "/api/v1/applications/$ID/offers" "$TOKEN" "{\"group_id\": \"$GROUP\", \"expires_at\": \"$EXPIRES\"}"
OFFER=$(sed -n 's/.*"id":"\([A-Z2-7]\{26\}\)".*/\1/p' "$OUT/11-offer.json")
call 12-invitation.json GET /api/v1/me/offers "$RECEIPT"
CONSENTS=$(each element "$OUT/12-invitation.json" | sed 's/.*/{"element": "&", "version": 1, "language": "fa"}/' | paste -s -d , -)
call 13-membership.json POST "/api/v1/me/offers/$OFFER/accept" "$RECEIPT" "{\"consents\": [$CONSENTS]}"

# 6. The third session is moved by a day and an hour, the fifth is cancelled.
call 14-sessions.json GET "/api/v1/groups/$GROUP/sessions" "$TOKEN"
THIRD=$(each id "$OUT/14-sessions.json" | sed -n 3p)
FIFTH=$(each id "$OUT/14-sessions.json" | sed -n 5p)
call 15-moved.json PATCH "/api/v1/sessions/$THIRD" "$TOKEN" "{\"start_local\": \"$YEAR-10-20T19:00\"}" 'If-Match: "1"'
call 16-cancelled.json PATCH "/api/v1/sessions/$FIFTH" "$TOKEN" '{"state": "cancelled"}' 'If-Match: "1"'

# 7. The member makes a feed. Its address is shown once; any calendar program takes it.
call 17-feed.json POST /api/v1/me/feeds "$RECEIPT" '{}'
FEED=$(text url "$OUT/17-feed.json")
call 18-calendar.ics GET "/${FEED#*://*/}" ""
call 19-my-sessions.json GET /api/v1/me/sessions "$RECEIPT"

echo "Receipt code: $RECEIPT"
echo "Feed: $FEED"
echo "Answers: $OUT"
