/** The JSON documents of the administration. Made by `make types` from its OpenAPI. */

/** An account as `[[accounts]]` of `world.toml` declares it. */
export interface AccountAsked {
  vendor: string;
  id?: string | null;
  site?: "intl" | "mainland";
  state?: "active" | "arrears" | "blocked" | "frozen" | "not_registered" | "switched_off";
  states?: Record<string, "active" | "arrears" | "blocked" | "frozen" | "not_registered" | "switched_off">;
  resources?: Record<string, Array<string | number>>;
  keys?: Array<KeyAsked>;
  callbacks?: Array<Record<string, any>>;
}

export interface AccountKey {
  id: string;
  enabled: boolean;
  expires_at: string | null;
}

/** An account; `states` are by product, "*" for all others. */
export interface AccountShown {
  vendor: string;
  id: string;
  site: string;
  states: Record<string, string>;
  resources: Record<string, Array<string>>;
  keys: Array<AccountKey>;
}

export interface Accounts {
  accounts: Array<AccountShown>;
}

/** The accounts to add, or to put with their keys in the place of those of their names. */
export interface AccountsAsked {
  accounts: Array<AccountAsked>;
}

/**
 * One try; `status` 0 means that no answer came, and `problem` says why.
 *
 * `milliseconds` are of real time, whatever clock `at` is of, from the request to its answer.
 * `request` is the first line of what was sent, and `headers` are all of it in their order; they
 * are empty where nothing was sent. `address` is the one that was connected to, `answer` the
 * beginning of the answer's body. `body` is what was sent, which the vendor may sign anew.
 */
export interface AttemptShown {
  number: number;
  at: string;
  status: number;
  problem: string;
  milliseconds?: number;
  address?: string;
  request?: string;
  headers?: Array<[string, string]>;
  body?: string;
  answer?: string;
}

/** What is looked for, as with requests; `content` is what the body says, where it is JSON. */
export interface CallbackSearch {
  id?: string;
  vendor?: string;
  event?: string;
  task?: string;
  url?: string;
  state?: "" | "delivered" | "given up" | "lost" | "pending";
  content?: Record<string, any>;
  after?: number;
  at_least?: number;
  timeout_seconds?: number;
}

/**
 * A callback as it was first told, and its attempts; `content` is its body where that is JSON.
 *
 * `fault` says what a rule made of it, "" where none did.
 */
export interface CallbackShown {
  number: number;
  id: string;
  vendor: string;
  event: string;
  task: string;
  url: string;
  headers: Record<string, string>;
  body: string;
  content: any;
  state: DeliveryState;
  created_at: string;
  attempts: Array<AttemptShown>;
  fault?: string;
}

export interface Callbacks {
  callbacks: Array<CallbackShown>;
}

export interface CallbacksFound {
  is_met: boolean;
  count: number;
  callbacks: Array<CallbackShown>;
  nearest: Array<NearCallback>;
}

/** How the clock is to go; a manual one stands at `now`, or where it is. */
export interface ClockAsked {
  mode?: "manual" | "real";
  now?: string | null;
}

export interface ClockShown {
  mode: "manual" | "real";
  now: string;
}

/** Errors first; none where the client behaved. */
export interface Conduct {
  findings: Array<FindingShown>;
}

export type DeliveryState = "delivered" | "given up" | "lost" | "pending";

export interface DueShown {
  due_at: string;
  what: string;
}

/** An object that says nothing. */
export interface Empty {
}

/** What will be done at a moment, to the task, callback or place that is named, or by a rule. */
export interface EventShown {
  due_at: string;
  what: string;
  kind?: string;
  task?: string;
  callback?: string;
  place?: string;
  rule?: string;
}

/**
 * Why a call was refused: `check` is the one that refused it, `mistake` the usual one behind
 * that. What was signed is as the server built it; `source` is the page of the code.
 */
export interface ExplanationShown {
  request: RequestShown;
  check: string;
  mistake: string;
  sentence: string;
  canonical_request: string;
  string_to_sign: string;
  signature_sent: string;
  source: string;
  violations: Array<ViolationShown>;
}

/** How a task is to fail; what is empty is as the vendor documents it. */
export interface FailureAsked {
  code?: string;
  message?: string;
}

/** What a client did that it should not: `evidence` are ids of requests or of callbacks. */
export interface FindingShown {
  rule: string;
  severity: "error" | "warning";
  sentence: string;
  evidence: Array<string>;
  advice: string;
}

/**
 * How the server is; `vendors` lists the products of each.
 *
 * Only who may ask the administration is told the `seed`, from which ids can be computed, and the
 * names of the `namespaces`.
 */
export interface Health {
  status: "ok";
  version: string;
  auth: "off" | "on";
  vendors: Record<string, Array<string>>;
  seed?: number | null;
  namespaces?: Array<string> | null;
}

/** An access key; only one with a session token may expire. */
export interface KeyAsked {
  id: string;
  secret: string;
  enabled?: boolean;
  session_token?: string;
  expires_at?: string | null;
}

/** An access key; with a `session_token` a temporary one. */
export interface KeyShown {
  vendor: string;
  account_id: string;
  id: string;
  secret: string;
  session_token: string;
}

/**
 * A snapshot mark set on a page of the whiteboard at a place; a place and nothing else is one
 * without marks.
 */
export interface Mark {
  place: string;
  page?: string;
  set_at?: string | null;
  sdk_version?: string;
}

/** A field that is not as wanted; `got` is null where it is absent. */
export interface MissShown {
  field: string;
  expected: any;
  got: any;
}

export type Mode = "held" | "immediate" | "polls" | "timed";

/**
 * What a namespace is made of: its name, clock and callback URL, and what a world file says.
 *
 * Accounts without keys have one whose id is the namespace's name, and whose secret is random. A
 * manual clock stands at `now`, or at the moment of the making. `scenario` is one of the library,
 * by its name, or what a scenario file says; what its world says goes before what is said here.
 */
export interface NamespaceAsked {
  name?: string | null;
  clock?: "manual" | "real";
  now?: string | null;
  callback_url?: string;
  seed?: number | null;
  unknown_resources?: "assume" | "refuse";
  assumed_limits?: "enforce" | "ignore";
  calls_per_second?: Record<string, number>;
  accounts?: Array<AccountAsked>;
  pace?: Array<Record<string, any>>;
  buckets?: Record<string, "private" | "public-read">;
  streams?: Array<Stream>;
  marks?: Array<Mark>;
  scenario?: string | Record<string, any>;
}

/**
 * A namespace; `forgotten` says how many of the oldest tasks, callbacks and results are gone.
 *
 * The newest 100 000 of each are kept, and all tasks that go on, and callbacks to be sent.
 */
export interface NamespaceListed {
  name: string;
  seed: number;
  clock: ClockShown;
  forgotten?: Record<string, number>;
}

/** A namespace with its keys; `forgotten` is as in the list of all. */
export interface NamespaceShown {
  name: string;
  seed: number;
  clock: ClockShown;
  callback_url: string;
  keys: Array<KeyShown>;
  forgotten?: Record<string, number>;
}

export interface Namespaces {
  namespaces: Array<NamespaceListed>;
}

export interface NearCallback {
  callback: CallbackShown;
  misses: Array<MissShown>;
}

export interface NearRequest {
  request: RequestShown;
  misses: Array<MissShown>;
}

/** The pace of a kind of task, of all ("*"), or of the one task that `id` names. */
export interface PaceAsked {
  kind?: string;
  id?: string | null;
  mode?: Mode;
  seconds?: number | null;
  polls?: number | null;
  failure?: FailureAsked | null;
}

export interface PaceShown {
  kind: string;
  mode: Mode;
  seconds: number | null;
  polls: number;
  failure: FailureAsked | null;
  id?: string;
}

export interface Paces {
  pace: Array<PaceShown>;
}

/** Why a request was not carried out, and what was expected (RFC 9457). */
export interface Problem {
  type: string;
  title: string;
  status: number;
  detail: string;
}

export interface ReceiptShown {
  path: string;
  headers: Record<string, string>;
  body: string;
}

/** What came to a path of the sink, or to any below it. */
export interface Receipts {
  received: Array<ReceiptShown>;
}

/**
 * What is looked for, until there are `at_least` so many, for `timeout_seconds` at most.
 *
 * `parameters` are by their names, or by dotted paths; of an object, what is named is compared.
 */
export interface RequestSearch {
  vendor?: string;
  product?: string;
  action?: string;
  verdict?: "" | "accepted" | "refused";
  code?: string;
  request_id?: string;
  access_key_id?: string;
  parameters?: Record<string, any>;
  after?: number;
  at_least?: number;
  timeout_seconds?: number;
}

/**
 * A call and its answer. Of a refused one, `check` says which check refused it and `why` what
 * was wrong. `parameters` are typed, however they were sent; `unread` names those sent that no
 * spec knows. `answer` is the body, decoded where it is JSON. Secrets are `***`. `fault` names the
 * rules that struck; a call is accepted where it took effect, even if they kept the answer from
 * the client.
 */
export interface RequestShown {
  number: number;
  request_id: string;
  at: string;
  vendor: string;
  product: string;
  action: string;
  access_key_id: string;
  method: string;
  path: string;
  host: string;
  verdict: "accepted" | "refused";
  code: string;
  message: string;
  check: string;
  why: string;
  status: number;
  milliseconds: number;
  parameters: Record<string, any>;
  unread: Array<string>;
  answer: any;
  fault?: string;
}

/** The oldest first. */
export interface Requests {
  requests: Array<RequestShown>;
}

/** All that match are counted, and the newest 100 shown; `nearest` are there if too few do. */
export interface RequestsFound {
  is_met: boolean;
  count: number;
  requests: Array<RequestShown>;
  nearest: Array<NearRequest>;
}

/** A file that a task left behind, gone from `expires_at` on. */
export interface ResultShown {
  path: string;
  format: string;
  made_at: string;
  expires_at: string | null;
}

export interface Results {
  results: Array<ResultShown>;
}

/**
 * A rule, which would load it again, with what came of it: how often all that it asks for but
 * its turn and its dice was so (`fitted`), and how often it struck (`hits`).
 */
export interface RuleShown {
  name: string;
  fault: string;
  is_on: boolean;
  fitted: number;
  hits: number;
  loaded_at: string;
  rule: Record<string, any>;
}

export interface RuleSwitch {
  is_on: boolean;
}

/** In the order in which they were loaded. */
export interface Rules {
  rules: Array<RuleShown>;
}

/** Rules as `[[rules]]` of a scenario file declares them. */
export interface RulesAsked {
  rules: Array<Record<string, any>>;
}

/** What was loaded, with the names of its rules. */
export interface ScenarioShown {
  title: string;
  why: string;
  client: string;
  rules: Array<string>;
}

/** The places that are set, each as it is named here only. */
export interface Scene {
  streams?: Array<Stream>;
  marks?: Array<Mark>;
}

/**
 * The clock after a step, and how many events were done on the way.
 *
 * A step ends early where the clock is set meanwhile.
 */
export interface Step {
  mode: "manual" | "real";
  now: string;
  events: number;
}

export interface StepAsked {
  seconds: number;
}

/** A stream published at a place; a place and nothing else is one where nobody publishes. */
export interface Stream {
  place: string;
  user?: string;
  kind?: number;
  width?: number;
  height?: number;
  begins_at?: string | null;
  ends_at?: string | null;
  query?: string | null;
  errcode?: number | null;
}

/** The task with the id; `kind` is needed where several kinds have one of it. */
export interface TaskNamed {
  id: string;
  kind?: string;
}

/** A task; `queries_left` until it goes on, and the steps that are set aside or due. */
export interface TaskShown {
  vendor: string;
  kind: string;
  id: string;
  status: string;
  created_at: string;
  is_ended: boolean;
  is_held: boolean;
  queries_left: number | null;
  set_aside: Array<string>;
  due: Array<DueShown>;
}

/** The task, as elsewhere, and how it is to fail; what is empty is as the vendor documents. */
export interface TaskToFail {
  id: string;
  kind?: string;
  code?: string;
  message?: string;
}

/** Tasks; so many of the oldest that ended are `forgotten`, none where it is absent. */
export interface Tasks {
  tasks: Array<TaskShown>;
  forgotten?: number;
}

export interface Timeline {
  events: Array<EventShown>;
}

/** What was broken: a rule of a parameter, and the page that says so. */
export interface ViolationShown {
  path: string;
  rule: string;
  limit: any;
  value: string;
  source: string;
  read_on: string;
  evidence: string;
}
