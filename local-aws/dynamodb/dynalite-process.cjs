// One region's tables: a dynalite in a process of its own, so that its work does not hold up the drill's. Ends with its parent.
const dynalite = require("dynalite");

const server = dynalite({ createTableMs: 0, updateTableMs: 0, deleteTableMs: 0 });
server.keepAliveTimeout = 60_000;
server.listen(0, "127.0.0.1", () => process.send({ port: server.address().port }));
process.on("disconnect", () => process.exit(0));
