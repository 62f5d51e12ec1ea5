// Loaded by every Node.js process of the clients: refuses to leave the machine.
"use strict";

const net = require("node:net");

const connect = net.Socket.prototype.connect;
const LOOPBACK = /^(127\.|::1$|localhost$)/;

net.Socket.prototype.connect = function (...given) {
  const options = Array.isArray(given[0]) ? given[0][0] : given[0];
  const host = typeof options === "object" ? options.host : given[1];
  if (typeof host === "string" && !LOOPBACK.test(host)) {
    this.destroy(new Error(`a client tried to reach ${host}`));
    return this;
  }
  return connect.apply(this, given);
};
