/** Control a mediacloud-emulator from tests in Node.js. */

export { Clock } from "./clock.js";
export { AdminProblem, Unreachable } from "./connection.js";
export { emulated } from "./emulated.js";
export { failureReport } from "./failure.js";
export { LaunchError, start } from "./launch.js";
export { Namespace } from "./namespace.js";
export { Received, Receiver, ReceiverServer } from "./receiver.js";
export { NoMatch } from "./search.js";
export { Server } from "./server.js";
