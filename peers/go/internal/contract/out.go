package contract

// LineOut is one line out of a peer. One member is not nil.
type LineOut struct {
	Ready  *Ready  `json:"ready,omitempty"`
	Answer *Answer `json:"answer,omitempty"`
	Served *Served `json:"served,omitempty"`
	Ended  *Ended  `json:"ended,omitempty"`
}

// Ready tells what the peer is made of.
type Ready struct {
	Language        string `json:"language"`
	LanguageVersion string `json:"languageVersion"`
	Library         string `json:"library"`
	LibraryVersion  string `json:"libraryVersion"`
	Messages        string `json:"messages"`
}

// Answer tells what came of an instruction.
type Answer struct {
	ID      string `json:"id"`
	Refused string `json:"refused,omitempty"`
	Port    int    `json:"port,omitempty"`
}

// Served is what a server saw of a call, and how it answered.
type Served struct {
	CallID          string      `json:"callId,omitempty"`
	Method          string      `json:"method"`
	Script          string      `json:"script,omitempty"`
	Metadata        []Metadatum `json:"metadata,omitempty"`
	Requests        Messages    `json:"requests,omitempty"`
	Responses       Messages    `json:"responses,omitempty"`
	TimeRemainingMs *Millis     `json:"timeRemainingMs,omitempty"`
	Cancelled       bool        `json:"cancelled,omitempty"`
	Status          *Status     `json:"status,omitempty"`
	Unusable        string      `json:"unusable,omitempty"`
	ClientName      string      `json:"clientName,omitempty"`
}

// Ended is what a client saw of a call.
type Ended struct {
	ID          string      `json:"id"`
	Unsupported string      `json:"unsupported,omitempty"`
	Unusable    string      `json:"unusable,omitempty"`
	Status      *Status     `json:"status,omitempty"`
	Responses   Messages    `json:"responses,omitempty"`
	Headers     []Metadatum `json:"headers,omitempty"`
	Trailers    []Metadatum `json:"trailers,omitempty"`
	Sent        int         `json:"sent,omitempty"`
	ElapsedMs   Millis      `json:"elapsedMs,omitempty"`
}
