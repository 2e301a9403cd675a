/*
 * A KMS host for tests of the fuzzer, written for them: it binds, answers version 4 requests for Windows, and has ten memory faults, each
 * behind two or three conditions. `host FAULT` enables one of them (1 to 10; 0 for none), listens on a loopback port and prints it.
 */
#include <arpa/inet.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { PDU_MAX = 8192, CALL_MAX = 4096, MESSAGE = 236, NAME = 108 };

static int fault;

static uint32_t u16(const uint8_t *at) { return at[0] | at[1] << 8; }
static uint32_t u32(const uint8_t *at) { return u16(at) | u16(at + 2) << 16; }
static void put16(uint8_t *at, uint32_t value) { at[0] = value, at[1] = value >> 8; }
static void put32(uint8_t *at, uint32_t value) { put16(at, value), put16(at + 2, value >> 16); }

/* What an enabled fault does: it takes a number of the request for an address, and writes there. */
static void fall(int number, uint32_t address) {
  if (fault == number) *(volatile int *)(uintptr_t)(address & 0xffff) = 1;
}

typedef struct { int socket; uint32_t call_id, fragments, size, binds; uint8_t call[CALL_MAX]; } Conversation;

static void say(Conversation *c, int type, uint32_t call_id, const uint8_t *body, uint32_t size) {
  uint8_t pdu[PDU_MAX] = {5, 0, (uint8_t)type, 3, 0x10};
  put16(pdu + 8, 16 + size), put32(pdu + 12, call_id);
  memcpy(pdu + 16, body, size);
  if (write(c->socket, pdu, 16 + size) < 0) shutdown(c->socket, SHUT_RDWR);
}

static void refuse(Conversation *c, uint32_t status) {
  uint8_t body[16] = {0};
  put32(body + 8, status);
  say(c, 3, c->call_id, body, sizeof body);
}

static int bind_to(Conversation *c, const uint8_t *pdu, uint32_t size) {
  static const uint8_t ndr32[] = {0x04, 0x5d, 0x88, 0x8a, 0xeb, 0x1c, 0xc9, 0x11};
  uint8_t body[PDU_MAX] = {0};
  uint32_t contexts = size > 28 ? pdu[24] : 0, at = 28, out = 16;
  if (contexts > 2 && u16(pdu + 18) < 1024) {
    if (contexts >= 17) fall(1, contexts);
  }
  put16(body, 5840), put16(body + 2, 5840), put32(body + 4, 7), put16(body + 8, 1);
  body[12] = (uint8_t)contexts;
  for (uint32_t i = 0; i < contexts; i++, out += 24) {
    if (at + 24 > size || out + 24 > sizeof body - 16) return -1;
    uint32_t syntaxes = pdu[at + 2];
    if (u16(pdu + at) >= 128 && c->binds > 0) {
      if (u16(pdu + at) == 255) fall(2, u16(pdu + at));
    }
    if (syntaxes > 0 && at + 44 <= size && memcmp(pdu + at + 24, ndr32, sizeof ndr32) == 0)
      memcpy(body + out + 4, pdu + at + 24, 20);
    else
      put16(body + out, 2), put16(body + out + 2, 2);
    at += 24 + 20 * syntaxes;
  }
  c->binds++;
  say(c, pdu[2] == 11 ? 12 : 15, u32(pdu + 12), body, out);
  return 0;
}

/* Faults of what a request message holds. */
static void look_at(const uint8_t *m, uint32_t size, int has_object) {
  uint32_t virtual = u32(m + 4), status = u32(m + 8), grace = u32(m + 12), required = u32(m + 80);
  const uint8_t *name = m + NAME;
  uint32_t units = 0;
  while (units < 64 && u16(name + 2 * units) != 0) units++;
  if (virtual == 1) {
    if (status == 6) {
      if (required > 1000) fall(3, required);
    }
  } else if (virtual > 1) {
    if (u32(m + 84) == 0 && u32(m + 88) == 0) fall(4, virtual);
  }
  if (grace == 0xffffffff) {
    if (status == 2) {
      if (u32(m + 92) != 0) fall(5, status);
    }
  }
  if (units >= 62) {
    uint32_t last = u16(name + 2 * units - 2);
    if (last >= 0xd800 && last < 0xe000) fall(6, units);
  }
  if (has_object) {
    if (status > 6) {
      if (required == 0) fall(7, status);
    }
  }
  if (size > MESSAGE + 16 && units == 0) fall(8, size);
}

static int answer(Conversation *c, const uint8_t *stub, uint32_t size, int has_object) {
  static const uint8_t windows[] = {0x34, 0x27, 0xc9, 0x55, 0x82, 0xd6, 0x71, 0x4d};
  static const char epid[] = "05426-00206-152-000007-03-1033-7601.0000-3252026";
  uint8_t body[512] = {0}, *out = body + 8;
  if (size < 8 + MESSAGE || u32(stub) != u32(stub + 4) || u32(stub) > size - 8) return refuse(c, 0x6f7), 0;
  const uint8_t *m = stub + 8;
  look_at(m, u32(stub), has_object);
  if (u32(m) != 4u << 16 || memcmp(m + 16, windows, sizeof windows) != 0) {
    put32(out, 0), put32(out + 4, 0), put32(out + 8, 0xc004f042);
    put32(body, 12);
    return say(c, 2, c->call_id, body, 20), 0;
  }
  uint32_t text = 2 * sizeof epid, length = 8 + text + 16 + 8 + 4 + 4 + 4 + 16, padded = (length + 3) & ~3u;
  put32(out, length), put32(out + 4, 0x20000), put32(out + 8, length);
  uint8_t *at = out + 12;
  put32(at, 4u << 16), put32(at + 4, text);
  for (uint32_t i = 0; i < sizeof epid; i++) put16(at + 8 + 2 * i, (uint8_t)epid[i]);
  memcpy(at + 8 + text, m + 64, 16), memcpy(at + 24 + text, m + 84, 8);
  put32(at + 32 + text, 10), put32(at + 36 + text, 120), put32(at + 40 + text, 10080);
  put32(body, 12 + padded + 4);
  put32(at + padded, 0);
  return say(c, 2, c->call_id, body, 8 + 12 + padded + 4), 0;
}

static int request(Conversation *c, const uint8_t *pdu, uint32_t size) {
  uint32_t head = pdu[3] & 0x80 ? 40 : 24;
  if (size < head) return -1;
  if (pdu[3] & 1) c->size = c->fragments = 0, c->call_id = u32(pdu + 12);
  if (c->size + size - head > CALL_MAX) return -1;
  memcpy(c->call + c->size, pdu + head, size - head);
  c->size += size - head;
  if (++c->fragments > 3) {
    if (size == head) fall(9, c->fragments);
  }
  if (!(pdu[3] & 2)) return 0;
  uint32_t opnum = u16(pdu + 22);
  if (opnum != 0) {
    if (opnum > 255 && c->size > 300) fall(10, opnum);
    return refuse(c, 0x1c010002), 0;
  }
  return answer(c, c->call, c->size, head == 40);
}

static void *converse(void *given) {
  Conversation *c = given;
  uint8_t pdu[PDU_MAX];
  uint32_t have = 0;
  for (ssize_t more; (more = read(c->socket, pdu + have, sizeof pdu - have)) > 0;) {
    have += (uint32_t)more;
    while (have >= 16) {
      uint32_t size = u16(pdu + 8);
      if (pdu[0] != 5 || pdu[4] != 0x10 || size < 24 || size > 6000) goto over;
      if (have < size) break;
      int done = pdu[2] == 11 || pdu[2] == 14 ? bind_to(c, pdu, size) : pdu[2] == 0 ? request(c, pdu, size) : -1;
      if (done < 0) goto over;
      memmove(pdu, pdu + size, have -= size);
    }
  }
over:
  close(c->socket);
  free(c);
  return NULL;
}

int main(int count, char **words) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t length = sizeof address;
  int server = socket(AF_INET, SOCK_STREAM, 0), on = 1;
  fault = count > 1 ? atoi(words[1]) : 0;
  address.sin_port = htons((uint16_t)(count > 2 ? atoi(words[2]) : 0));
  setsockopt(server, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (bind(server, (void *)&address, length) != 0 || listen(server, 128) != 0) return 1;
  getsockname(server, (void *)&address, &length);
  printf("listening on 127.0.0.1:%d\n", ntohs(address.sin_port));
  fflush(stdout);
  for (;;) {
    Conversation *c = calloc(1, sizeof *c);
    pthread_t thread;
    c->socket = accept(server, NULL, NULL);
    if (c->socket < 0 || pthread_create(&thread, NULL, converse, c) != 0) return 1;
    pthread_detach(thread);
  }
}
