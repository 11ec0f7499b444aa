// Package gaps compares a municipality's guideline with the law: references
// that no longer hold, figures and deadlines that differ, duties that are
// missing or turned round. It gives findings that show both places verbatim,
// and a list of what was checked and found in order. It knows no HTTP, writes
// nothing, and assesses texts, never persons' cases.
package gaps
