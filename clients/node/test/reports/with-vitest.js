import { test } from "vitest";

import { failing } from "./failing.js";

test("a snapshot calls back", failing);
