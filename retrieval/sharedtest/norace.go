//go:build !race

package sharedtest

// raceDetector tells that the race detector is on.
const raceDetector = false
