// Reads an iCalendar file with ical.js, a reader that shares no code with us, and prints its events as JSON.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(process.argv[2] + "/");
const loaded = require("ical.js");
const ICAL = loaded.default ?? loaded;

const calendar = new ICAL.Component(ICAL.parse(readFileSync(process.argv[3], "utf8")));
for (const zone of calendar.getAllSubcomponents("vtimezone")) {
  ICAL.TimezoneService.register(zone); // by the file's own VTIMEZONE: ical.js knows no other
}
const text = (event, name) => event.getFirstPropertyValue(name)?.toString() ?? "";
const events = calendar.getAllSubcomponents("vevent").map((event) => ({
  uid: text(event, "uid"),
  start: event.getFirstPropertyValue("dtstart").toJSDate().toISOString(),
  end: event.getFirstPropertyValue("dtend").toJSDate().toISOString(),
  local: event.getFirstPropertyValue("dtstart").toString(),
  summary: text(event, "summary"),
  status: text(event, "status"),
  sequence: Number(text(event, "sequence")),
  recurs: event.hasProperty("rrule"),
  properties: event.getAllProperties().map((p) => p.name),
}));
console.log(JSON.stringify(events));
