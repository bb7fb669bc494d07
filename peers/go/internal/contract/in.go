// Package contract has the lines of the peer contract, and what they tell as the
// library has it. proto/peer.proto says what each member means.
package contract

// LineIn is one line into a peer. One member besides ID is not nil.
type LineIn struct {
	ID           string
	Types        *Types
	Script       *Script
	Listen       *Listen
	Close, Drain *Port
	Flush        *struct{}
	Call         *Call
}

// Types has a google.protobuf.FileDescriptorSet, serialized.
type Types struct{ Files []byte }

// Port names a listener.
type Port struct{ Port int }

// Listen opens a listener.
type Listen struct {
	Host                string
	Port                int
	TLS                 *TLS
	Keepalive           *Keepalive
	MinPingMs, MaxAgeMs Millis
	MaxReceiveBytes     int
}

// Keepalive tells when to send HTTP/2 PING.
type Keepalive struct {
	TimeMs, TimeoutMs Millis
	WithoutCalls      bool
}

// Script tells a server what to do with the calls that name it.
type Script struct {
	Name, Compression string
	Steps             []ServerStep
}

// ServerStep has one member that is not nil, and Times of Send.
type ServerStep struct {
	Headers *Headers
	Receive *int
	Send    []byte
	WaitMs  *Millis
	End     *End
	Times   int
}

// Headers are response headers.
type Headers struct{ Entries []Metadatum }

// End is the status and the trailers that end a call.
type End struct {
	Status   *Status
	Trailers []Metadatum
}

// Channel is where and how a client connects. Its content is its identity.
type Channel struct {
	Address, Name   string
	TLS             *TLS
	Keepalive       *Keepalive
	MaxReceiveBytes int
}

// Call is an RPC to make, once or several times.
type Call struct {
	Channel       Channel
	Method, Types string
	Metadata      []Metadatum
	TimeoutMs     Millis
	WaitForReady  bool
	Compression   string
	Steps         []ClientStep
	Times, AtOnce int
}

// ClientStep has one member that is set, and Times of Send.
type ClientStep struct {
	Send          []byte
	Close, Cancel bool
	Receive       *int
	WaitMs        *Millis
	Times         int
}
