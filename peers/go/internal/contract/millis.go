package contract

import "time"

// Millis is a duration in milliseconds.
type Millis float64

// MillisOf is d in milliseconds.
func MillisOf(d time.Duration) Millis { return Millis(d) / Millis(time.Millisecond) }

// Duration is m as Go has it.
func (m Millis) Duration() time.Duration { return time.Duration(m * Millis(time.Millisecond)) }
