// Package eval measures Hjemmel offline: search and answers on suites, runs
// against each other, the ranking signal by signal. A run goes through the same
// store, indexes, engine and assistant as the product. It holds no model judge:
// all figures but times are deterministic.
//
// # Retrieval suites
//
// A folder in BEIR's layout: corpus.jsonl[.gz] with _id, title and text a line,
// queries.jsonl[.gz] with _id and text, and qrels/SPLIT.tsv with the columns
// query-id, corpus-id and score. Texts whose ids begin alike before "#" are the
// sections of one document. Figures are those of trec_eval 9: ties are broken by
// id, judgements of 0 and less are not relevant, nDCG has gain = relevance.
// .ci/suite-metrics checks them against trec_eval's own code.
//
// # Answer suites
//
// A folder with SPLIT.jsonl, an item a line:
//
//	{"id": "a1", "question": "Hvor længe …?", "hand": "plain", "kind": "deadline",
//	 "expect": ["barnets lov § 20"], "also": ["barnets lov § 21"], "facts": ["4 måneder|fire måneder"]}
//	{"id": "a2", "turns": ["Hvad …?", "Og hvad med …?"], "as_of": "2024-02-01", "expect": ["sel § 100 | sel § 41"]}
//	{"id": "u1", "question": "Hvad er momssatsen?", "unanswerable": true}
//
// expect names the references that an answer must cite, also those that it may;
// a reference is a section's id or act and §, resolved in the version in force on
// as_of (today where it is empty), so that a suite survives new consolidations.
// facts are short texts that the answer must contain. "|" separates
// alternatives. Of turns, the last is judged. hand (plain, terse, chatty,
// misspelt, english) and kind only group the figures. A suite.json with
// {"collection": "samples"} asks the sample documents. AnswerMetrics names the
// figures, grade defines them.
//
// suites/answers asks Danish acts: tune on dev, report test. suites/smoke asks
// the sample documents and is part of .ci/run.
package eval
