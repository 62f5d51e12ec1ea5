// Loaded before npm's mem0-cli (0.2.13): it never clears the timer of five seconds that its ping has to
// beat, and each command would end that much later.
const original = globalThis.setTimeout;
globalThis.setTimeout = (call, delay, ...more) => {
  const timer = original(call, delay, ...more);
  if (delay === 5000) timer.unref();
  return timer;
};
