package session

import "time"

// Grace is how long a stop waits for calls in flight.
const Grace = 5 * time.Second
