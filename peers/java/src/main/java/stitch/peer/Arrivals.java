package stitch.peer;

import com.google.protobuf.Message;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.BooleanSupplier;

/**
 * What has arrived on a call and is not taken yet, and whether the call is over. The library's
 * threads tell; the one that does the call's steps takes, and waits.
 */
final class Arrivals {
  private final Queue<Message> messages = new ArrayDeque<>();
  private boolean isComplete;
  private boolean isOver;

  synchronized void add(Message message) {
    messages.add(message);
    notifyAll();
  }

  /** No more messages come. */
  synchronized void complete() {
    isComplete = true;
    notifyAll();
  }

  /** The call has ended. */
  synchronized void end() {
    isComplete = true;
    isOver = true;
    notifyAll();
  }

  /** Something has changed that one may wait for. */
  synchronized void wake() {
    notifyAll();
  }

  synchronized boolean isOver() {
    return isOver;
  }

  /** Takes the next message, null when there is none any more. */
  synchronized Message take() throws InterruptedException {
    while (messages.isEmpty() && !isComplete) {
      wait();
    }
    return messages.poll();
  }

  /** Waits until the call takes a message, or has ended. */
  synchronized void awaitReady(BooleanSupplier isReady) throws InterruptedException {
    while (!isOver && !isReady.getAsBoolean()) {
      wait();
    }
  }

  synchronized void awaitEnd() throws InterruptedException {
    while (!isOver) {
      wait();
    }
  }

  /** Waits so long, or until the call has ended. */
  synchronized void awaitEnd(long millis) throws InterruptedException {
    long end = System.nanoTime() + millis * 1_000_000;
    for (long left = millis; !isOver && left > 0; ) {
      wait(left);
      left = (end - System.nanoTime() + 999_999) / 1_000_000; // 0 would be for ever
    }
  }
}
