/** The vendors' official clients, pointed at a namespace. */

import { createRequire } from "node:module";

const require = createRequire(import.meta.url);

export const SNAPSHOT = { SdkAppId: 1400000001, RoomId: 12345, Whiteboard: { Width: 640 } };

/**
 * Return a function that makes a call of TIW by Tencent's international SDK.
 *
 * @param {import("../src/namespace.js").Namespace} namespace
 */
export function tiwInternational(namespace) {
  const { common, tiw } = require("tencentcloud-sdk-nodejs-intl-en");
  const { Client, Models } = tiw.v20190919;
  const { id, secret } = namespace.key("tencent");
  const http = new common.HttpProfile();
  http.endpoint = namespace.endpoint;
  http.protocol = "http://";
  const profile = new common.ClientProfile(undefined, http);
  const client = new Client(new common.Credential(id, secret), "ap-singapore", profile);
  return (action, parameters) => {
    const request = new Models[`${action}Request`]();
    request.from_json_string(JSON.stringify(parameters));
    return new Promise((resolve, reject) => {
      client[action](request, (error, answer) => (error ? reject(error) : resolve(answer)));
    });
  };
}

/**
 * Return Tencent's client of TIW, of the SDK for the mainland.
 *
 * @param {import("../src/namespace.js").Namespace} namespace
 * @param {string} region
 */
export function tiwMainland(namespace, region = "ap-singapore") {
  const { tiw } = require("tencentcloud-sdk-nodejs");
  const { id, secret } = namespace.key("tencent");
  return new tiw.v20190919.Client({
    credential: { secretId: id, secretKey: secret },
    region,
    profile: { httpProfile: { endpoint: namespace.endpoint, protocol: "http://" } },
  });
}

/**
 * Return a function that makes a call of ICE by Alibaba's SDK.
 *
 * @param {import("../src/namespace.js").Namespace} namespace
 */
export function ice(namespace) {
  const { default: Client, Config, OpenApiRequest, Params } = require("@alicloud/openapi-client");
  const { RuntimeOptions } = require("@alicloud/tea-util");
  const { id, secret } = namespace.key("alibaba");
  const client = new Client(
    new Config({
      accessKeyId: id,
      accessKeySecret: secret,
      endpoint: namespace.endpoint,
      protocol: "http",
    }),
  );
  return (action, query) => {
    const params = new Params({
      action,
      version: "2020-11-09",
      protocol: "HTTP",
      method: "POST",
      authType: "AK",
      style: "RPC",
      pathname: "/",
      reqBodyType: "json",
      bodyType: "json",
    });
    return client.callApi(params, new OpenApiRequest({ query }), new RuntimeOptions({}));
  };
}

/**
 * Return a client of ICE by Alibaba's older SDK.
 *
 * @param {import("../src/namespace.js").Namespace} namespace
 */
export function icePop(namespace) {
  const { RPCClient } = require("@alicloud/pop-core");
  const { id, secret } = namespace.key("alibaba");
  return new RPCClient({
    accessKeyId: id,
    accessKeySecret: secret,
    endpoint: `http://${namespace.endpoint}`,
    apiVersion: "2020-11-09",
  });
}

/**
 * Return Volcengine's client of RTC.
 *
 * @param {import("../src/namespace.js").Namespace} namespace
 */
export function rtc(namespace) {
  const { Service } = require("@volcengine/openapi");
  const { id, secret } = namespace.key("volcengine");
  return new Service({
    serviceName: "rtc",
    region: "cn-north-1",
    host: namespace.endpoint,
    protocol: "http:",
    accessKeyId: id,
    secretKey: secret,
  });
}
