import test from "node:test";

import { failing } from "./failing.js";

test("a snapshot calls back", failing);
