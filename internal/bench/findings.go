package main

// What keeps a row below its aim, seen in profiles of the server under that load.
const (
	aloneFinding = "one submission changes some 30 pages of 4 KiB, the bare row 5: search words, ids and receipts lie " +
		"scattered. Writing and flushing them is most of the time; the larger the database, the more of them are read first"
	togetherFinding = "CPU of one on a small database 0.49 ms: rows into SQLite a quarter, commits a sixth, decoding an " +
		"eighth, screening and sealing a sixth, the answer a tenth; on a larger one the scattered pages double it"
	floorFinding = "a submission writes some 38 entries into trees of pages, the bare row 5: verdicts 12, search words in " +
		"two orders 10, the rest scattered ids and orders of lists"
	replicaFinding = "a submission is 23 rows with about 38 entries in indexes and some 8 checked references, the bare row " +
		"one with 4 and none: PostgreSQL has more than half of the CPU"
	startFinding = "35 ms of package initialization, 20 of them in the JSON schema library below the contract's parser, " +
		"parsing the contract, and reading the catalogue and its criteria"
	idleFinding = "two thirds are pages of the binary that its start has touched; of the rest most is what parsing the " +
		"contract and its schema library leave"
	peakFinding   = "eight readers with a page cache of 2 MB each, above what lies in memory when idle"
	growthFinding = "the page caches of eight readers, 2 MB each, are full only with more data; they grow no further"
	binaryFinding = "drivers of two databases, the contract's parser with its schema library, texts in four languages"
)
