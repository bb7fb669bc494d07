// The signals that tell the program to stop.
#ifndef STITCH_SRC_SIGNALS_H_
#define STITCH_SRC_SIGNALS_H_

namespace stitch {

// From now on SIGINT and SIGTERM do not end the program, not even as the first
// of a container, where nobody would handle them. They make the descriptor that
// this returns readable. To be called before there are threads.
int StopSignals();

}  // namespace stitch

#endif  // STITCH_SRC_SIGNALS_H_
