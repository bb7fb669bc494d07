package client

import (
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
)

// newChannel returns a channel to address, not encrypted, with the library's
// defaults but for what would change what is seen: no retries, no proxy. It
// connects when first used.
func newChannel(address string) (*grpc.ClientConn, error) {
	return grpc.NewClient(address,
		grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithDisableRetry(),
		grpc.WithNoProxy(),
	)
}

// channelKey tells channels apart.
type channelKey struct {
	address string
	name    string
}

// channels are made when first named. One goroutine uses them.
type channels map[channelKey]*grpc.ClientConn

// get returns the channel of that address and name.
func (cs channels) get(address, name string) (*grpc.ClientConn, error) {
	key := channelKey{address, name}
	if channel, ok := cs[key]; ok {
		return channel, nil
	}
	channel, err := newChannel(address)
	if err != nil {
		return nil, err
	}
	cs[key] = channel
	return channel, nil
}

// close closes every channel.
func (cs channels) close() {
	for _, channel := range cs {
		channel.Close()
	}
}
