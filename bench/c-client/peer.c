/*
 * Both ends of exchanges over TCP on loopback, with the bytes that the bench hands in: what a client, and a host, in C make of the
 * same machine. One thread, no allocation behind the start, no library but the system's.
 *
 *   peer FILE respond                             listens, prints its port, and answers until its standard input ends
 *   peer FILE kept PORT CONNECTIONS MS            exchanges on connections that are kept
 *   peer FILE each PORT CONNECTIONS MS fin|reset  a connection each, so many at a time, ended by FIN or by RST
 *
 * A client prints `exchanges nanoseconds processor-nanoseconds`. FILE is as bench/c-client/conversation.ts writes it: numbers of 32 bits
 * in the order of this machine (lengths of bind, bind_ack, request and response; where request and response have their call_id; how
 * many ranges the response repeats of the request, and of each its place in the request, in the response, and its length), then
 * the four PDUs.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { ROOM = 4096, MOST = 65536, EVENTS = 64, MOST_ECHOES = 8 };

struct echo { uint32_t from, to, length; };

static uint32_t bind_size, ack_size, request_size, response_size, call_id_at, echo_count;
static struct echo echoes[MOST_ECHOES];
static unsigned char bind_pdu[ROOM], ack_pdu[ROOM], request_pdu[ROOM], response_pdu[ROOM];

/** One connection of either end: how far its PDU has come, and which it is. */
struct line {
  int fd;
  int bound;
  int connecting;
  uint32_t call_id;
  uint32_t filled;
  unsigned char in[ROOM];
};

static void die(const char *what) {
  perror(what);
  exit(1);
}

static void wrong(const char *what) {
  fprintf(stderr, "peer: %s\n", what);
  exit(1);
}

static uint32_t number(FILE *file) {
  uint32_t value;
  if (fread(&value, sizeof value, 1, file) != 1) wrong("the conversation is cut");
  return value;
}

static void part(FILE *file, unsigned char *into, uint32_t size) {
  if (size > ROOM || fread(into, 1, size, file) != size) wrong("the conversation is cut");
}

static void read_conversation(const char *path) {
  FILE *file = fopen(path, "rb");
  if (file == NULL) die(path);
  bind_size = number(file);
  ack_size = number(file);
  request_size = number(file);
  response_size = number(file);
  call_id_at = number(file);
  echo_count = number(file);
  if (echo_count > MOST_ECHOES) wrong("too many ranges");
  for (uint32_t i = 0; i < echo_count; i++) {
    echoes[i].from = number(file);
    echoes[i].to = number(file);
    echoes[i].length = number(file);
    if (echoes[i].from + echoes[i].length > request_size || echoes[i].to + echoes[i].length > response_size)
      wrong("a range stands outside of its PDU");
  }
  part(file, bind_pdu, bind_size);
  part(file, ack_pdu, ack_size);
  part(file, request_pdu, request_size);
  part(file, response_pdu, response_size);
  fclose(file);
}

static uint64_t now(clockid_t clock) {
  struct timespec at;
  clock_gettime(clock, &at);
  return (uint64_t)at.tv_sec * 1000000000u + (uint64_t)at.tv_nsec;
}

/* Loopback takes so few bytes at once; a system that does not is no place to measure. */
static void put(int fd, const unsigned char *bytes, uint32_t size) {
  if (send(fd, bytes, size, MSG_NOSIGNAL) != (ssize_t)size) die("send");
}

/** 1 once `size` bytes have come, 0 while they have not, -1 where the other side has ended. */
static int fill(struct line *line, uint32_t size) {
  ssize_t got = recv(line->fd, line->in + line->filled, size - line->filled, 0);
  if (got < 0 && (errno == EAGAIN || errno == EINTR)) return 0;
  if (got <= 0) return -1;
  line->filled += (uint32_t)got;
  if (line->filled < size) return 0;
  line->filled = 0;
  return 1;
}

static struct sockaddr_in loopback(int port) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

static void no_delay(int fd) {
  int on = 1;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

static void watch(int poll, int fd, struct line *line, uint32_t events, int how) {
  struct epoll_event event = {.events = events, .data.ptr = line};
  if (epoll_ctl(poll, how, fd, &event) < 0) die("epoll_ctl");
}

/* ---- the host ---- */

static void answer(struct line *line) {
  if (!line->bound) {
    line->bound = 1;
    put(line->fd, ack_pdu, ack_size);
    return;
  }
  unsigned char reply[ROOM];
  memcpy(reply, response_pdu, response_size);
  memcpy(reply + call_id_at, line->in + call_id_at, 4);
  for (uint32_t i = 0; i < echo_count; i++)
    memcpy(reply + echoes[i].to, line->in + echoes[i].from, echoes[i].length);
  put(line->fd, reply, response_size);
}

static void welcome(int poll, int listener) {
  for (int fd; (fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK)) >= 0;) {
    struct line *line = calloc(1, sizeof *line);
    if (line == NULL) die("calloc");
    line->fd = fd;
    no_delay(fd);
    watch(poll, fd, line, EPOLLIN, EPOLL_CTL_ADD);
  }
}

static void respond(void) {
  int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  struct sockaddr_in address = loopback(0);
  socklen_t size = sizeof address;
  if (bind(listener, (struct sockaddr *)&address, size) < 0 || listen(listener, 4096) < 0) die("listen");
  if (getsockname(listener, (struct sockaddr *)&address, &size) < 0) die("getsockname");
  printf("%d\n", ntohs(address.sin_port));
  fflush(stdout);
  static struct line door, input;
  int poll = epoll_create1(0);
  door.fd = listener;
  watch(poll, listener, &door, EPOLLIN, EPOLL_CTL_ADD);
  watch(poll, 0, &input, EPOLLIN, EPOLL_CTL_ADD);
  for (;;) {
    struct epoll_event events[EVENTS];
    int count = epoll_wait(poll, events, EVENTS, -1);
    for (int i = 0; i < count; i++) {
      struct line *line = events[i].data.ptr;
      if (line == &input) exit(0);
      if (line == &door) {
        welcome(poll, listener);
        continue;
      }
      int whole = fill(line, line->bound ? request_size : bind_size);
      if (whole > 0) answer(line);
      if (whole < 0) {
        close(line->fd);
        free(line);
      }
    }
  }
}

/* ---- the client ---- */

static void ask(struct line *line) {
  unsigned char pdu[ROOM];
  line->call_id++;
  memcpy(pdu, request_pdu, request_size);
  memcpy(pdu + call_id_at, &line->call_id, 4);
  put(line->fd, pdu, request_size);
}

/** Takes what has come. Returns 1 for an answer that was asked for, and has the connection bound behind the bind_ack. */
static int take(struct line *line) {
  int whole = fill(line, line->bound ? response_size : ack_size);
  if (whole < 0) wrong("the host ended a connection");
  if (whole == 0) return 0;
  if (line->bound) {
    if (memcmp(line->in + call_id_at, &line->call_id, 4) != 0) wrong("an answer to another call");
    for (uint32_t i = 0; i < echo_count; i++)
      if (memcmp(line->in + echoes[i].to, request_pdu + echoes[i].from, echoes[i].length) != 0)
        wrong("an answer to another request");
    return 1;
  }
  line->bound = 1;
  ask(line);
  return 0;
}

static void dial(int poll, struct line *line, int port) {
  struct sockaddr_in address = loopback(port);
  line->fd = socket(AF_INET, SOCK_STREAM | (poll >= 0 ? SOCK_NONBLOCK : 0), 0);
  if (line->fd < 0) die("socket");
  line->bound = line->filled = line->call_id = 0;
  no_delay(line->fd);
  int failed = connect(line->fd, (struct sockaddr *)&address, sizeof address);
  if (failed && errno != EINPROGRESS) die("connect");
  line->connecting = failed;
  if (poll >= 0) watch(poll, line->fd, line, failed ? EPOLLOUT : EPOLLIN, EPOLL_CTL_ADD);
  if (!failed) put(line->fd, bind_pdu, bind_size);
}

static void hang_up(struct line *line, int reset) {
  struct linger at_once = {.l_onoff = 1, .l_linger = 0};
  if (reset) setsockopt(line->fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  close(line->fd);
}

/* One connection needs no epoll: what a client that is written for one does. */
static uint64_t ask_alone(int port, int keep, int reset, uint64_t until) {
  static struct line line;
  uint64_t exchanges = 0;
  dial(-1, &line, port);
  for (;;) {
    if (!take(&line)) continue;
    exchanges++;
    int over = now(CLOCK_MONOTONIC) >= until;
    if (keep && !over) {
      ask(&line);
      continue;
    }
    hang_up(&line, reset);
    if (over) return exchanges;
    dial(-1, &line, port);
  }
}

static uint64_t ask_many(int port, int connections, int keep, int reset, uint64_t until) {
  struct line *lines = calloc((size_t)connections, sizeof *lines);
  if (lines == NULL) die("calloc");
  uint64_t exchanges = 0;
  int poll = epoll_create1(0);
  for (int i = 0; i < connections; i++) dial(poll, &lines[i], port);
  for (int left = connections; left > 0;) {
    struct epoll_event events[EVENTS];
    int count = epoll_wait(poll, events, EVENTS, -1);
    int over = now(CLOCK_MONOTONIC) >= until;
    for (int i = 0; i < count; i++) {
      struct line *line = events[i].data.ptr;
      if (line->connecting) {
        int error = 0;
        socklen_t size = sizeof error;
        getsockopt(line->fd, SOL_SOCKET, SO_ERROR, &error, &size);
        if (error != 0) errno = error, die("connect");
        line->connecting = 0;
        watch(poll, line->fd, line, EPOLLIN, EPOLL_CTL_MOD);
        put(line->fd, bind_pdu, bind_size);
      } else if (take(line)) {
        exchanges++;
        if (keep && !over) {
          ask(line);
          continue;
        }
        hang_up(line, reset);
        if (over) left--;
        else dial(poll, line, port);
      }
    }
  }
  return exchanges;
}

static int positive(const char *text, int most) {
  int value = atoi(text);
  if (value < 1 || value > most) wrong("a number is out of its range");
  return value;
}

int main(int count, char **words) {
  if (count < 3) wrong("FILE respond|kept|each …");
  read_conversation(words[1]);
  if (strcmp(words[2], "respond") == 0) respond();
  int keep = strcmp(words[2], "kept") == 0;
  if (count < (keep ? 6 : 7)) wrong("PORT CONNECTIONS MS [fin|reset]");
  int port = positive(words[3], 65535), connections = positive(words[4], MOST), ms = positive(words[5], 3600000);
  int reset = !keep && strcmp(words[6], "reset") == 0;
  uint64_t started = now(CLOCK_MONOTONIC), until = started + (uint64_t)ms * 1000000u;
  uint64_t exchanges = connections == 1 ? ask_alone(port, keep, reset, until)
                                        : ask_many(port, connections, keep, reset, until);
  printf("%llu %llu %llu\n", (unsigned long long)exchanges, (unsigned long long)(now(CLOCK_MONOTONIC) - started),
         (unsigned long long)now(CLOCK_PROCESS_CPUTIME_ID));
  return 0;
}
