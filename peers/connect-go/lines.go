package main

// The lines, as encoding/json reads and writes them: proto/peer.proto tells what each
// member means. Names are found whatever their case, so what is only read needs no tags.
// A pointer, or a slice of bytes, that is nil was not there.

type lineIn struct {
	ID     string
	Types  *struct{ Files []byte }
	Script *script
	Listen *listen
	Close  *struct{ Port int }
	Drain  *struct{ Port int }
	Flush  *struct{}
	Call   *call
}

type listen struct {
	Host                  string
	Port, MaxReceiveBytes int
	TLS                   *tlsTexts
	Keepalive             *struct{}
	MinPingMs, MaxAgeMs   int
}

// tlsTexts are those of either side.
type tlsTexts struct {
	Cert, Key, CA, ClientCA, ServerName, Version string
}

type script struct {
	Name, Compression string
	Steps             []serverStep
}

type serverStep struct {
	Headers *struct{ Entries []metadatum }
	Receive *int
	Send    []byte
	Times   int
	WaitMs  *float64
	End     *end
}

type end struct {
	Status   *status
	Trailers []metadatum
}

type call struct {
	Channel                    channel
	Method, Types, Compression string
	Metadata                   []metadatum
	TimeoutMs                  float64
	WaitForReady               bool
	Steps                      []clientStep
	Times, AtOnce              int
}

type channel struct {
	Address, Name   string
	TLS             *tlsTexts
	Keepalive       *struct{}
	MaxReceiveBytes int
}

type clientStep struct {
	Send          []byte
	Times         int
	Receive       *int
	WaitMs        *float64
	Close, Cancel bool
}

type lineOut struct {
	Ready  map[string]string `json:"ready,omitempty"`
	Answer *answer           `json:"answer,omitempty"`
	Served *served           `json:"served,omitempty"`
	Ended  *ended            `json:"ended,omitempty"`
}

type answer struct {
	ID      string `json:"id"`
	Refused string `json:"refused,omitempty"`
	Port    int    `json:"port,omitempty"`
}

type served struct {
	CallID          string      `json:"callId,omitempty"`
	Method          string      `json:"method"`
	Script          string      `json:"script,omitempty"`
	Metadata        []metadatum `json:"metadata,omitempty"`
	Requests        messages    `json:"requests,omitempty"`
	Responses       messages    `json:"responses,omitempty"`
	TimeRemainingMs *float64    `json:"timeRemainingMs,omitempty"`
	Cancelled       bool        `json:"cancelled,omitempty"`
	Status          *status     `json:"status,omitempty"`
	Unusable        string      `json:"unusable,omitempty"`
	ClientName      string      `json:"clientName,omitempty"`
}

type ended struct {
	ID          string      `json:"id"`
	Unsupported string      `json:"unsupported,omitempty"`
	Unusable    string      `json:"unusable,omitempty"`
	Status      *status     `json:"status,omitempty"`
	Responses   messages    `json:"responses,omitempty"`
	Headers     []metadatum `json:"headers,omitempty"`
	Trailers    []metadatum `json:"trailers,omitempty"`
	Sent        int         `json:"sent,omitempty"`
	ElapsedMs   float64     `json:"elapsedMs,omitempty"`
}

type metadatum struct {
	Key    string  `json:"key"`
	Text   *string `json:"text,omitempty"`
	Binary []byte  `json:"binary,omitzero"`
}

type status struct {
	Code    int32  `json:"code,omitempty"`
	Message string `json:"message,omitempty"`
	Details []byte `json:"details,omitempty"`
}
