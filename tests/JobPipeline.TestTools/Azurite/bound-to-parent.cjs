// Loaded into Azurite before its own code. A terminal sends Ctrl+C to every process in it; the storage has to outlast the
// worker that drains against it, so it leaves that to its parent, and ends by itself only when the parent is gone.
const once = process.once;
process.once = function (event, listener) {
  return event === "SIGINT" ? process : once.call(process, event, listener);
};
process.on("SIGINT", () => {});
process.stdin.on("end", () => process.kill(process.pid, "SIGTERM")).resume();
// Watching it must not keep a process alive that is done.
process.stdin.unref();
