//go:build race

package sharedtest

// raceDetector tells that the race detector is on, which makes tests of figures
// ten times slower.
const raceDetector = true
