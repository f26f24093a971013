/** Print the report of a namespace, as JSON, for a comparison with the one of the pytest plugin. */

import { Server } from "mediacloud-emulator";

import { failureSections } from "../../src/failure.js";

const server = new Server(process.env.EMULATOR_URL);
const namespace = await server.namespace(process.argv[2]);
console.log(JSON.stringify(await failureSections(server, namespace)));
