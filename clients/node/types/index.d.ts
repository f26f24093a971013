export { Clock } from "./clock.js";
export { emulated } from "./emulated.js";
export { failureReport } from "./failure.js";
export { Namespace } from "./namespace.js";
export { NoMatch } from "./search.js";
export { Server } from "./server.js";
export { AdminProblem, Unreachable } from "./connection.js";
export { LaunchError, start } from "./launch.js";
export { Received, Receiver, ReceiverServer } from "./receiver.js";
