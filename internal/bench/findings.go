package main

// What keeps a row below its aim, seen in profiles of the server under that load.
const (
	aloneFinding = "one submission alone changes about 50 pages of 4 KiB, the bare row 5: twelve verdicts in two " +
		"orders, a trace of 3 KB, search words that lie scattered. Writing and flushing them is a quarter of the CPU"
	togetherFinding = "CPU of one: rows into SQLite a third (of these the verdicts a third), commits an eighth, " +
		"strict decoding a tenth; screening, checks of fields and words of the reasons a twentieth each"
	floorFinding = "a submission writes some 50 entries into trees of pages, the bare row 5: verdicts in two orders " +
		"are 24 of them, search words in two orders 10"
	replicaFinding = "a submission is 23 rows with about 50 entries in indexes and 20 checked references, the bare row " +
		"one with 4 and none: PostgreSQL has more than half of the CPU"
	startFinding = "each start checks every reference in the database, which grows with the data; then 35 ms of " +
		"package initialization, 20 of them in the JSON schema library below the contract's parser, and parsing the contract"
	idleFinding = "two thirds are pages of the binary that its start has touched; of the rest most is what parsing the " +
		"contract and its schema library leave"
	peakFinding   = "eight readers with a page cache of 2 MB each, above what lies in memory when idle"
	growthFinding = "the page caches of eight readers, 2 MB each, are full only with more data; they grow no further"
	binaryFinding = "drivers of two databases, the contract's parser with its schema library, texts in four languages"
)
