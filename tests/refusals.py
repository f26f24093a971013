"""What the vendors say to mistakes, as a client sees it.

Texts are those of the dossiers where one is known, else those that the specs mark as assumed.
"""

import hashlib
from urllib.parse import parse_qsl, quote

from contract_tests.signers import Wire
from tests.calls import Refusal

# Tencent.


def missing(path: str) -> Refusal:
    return Refusal(
        "MissingParameter", f"The request is missing a required parameter `{path}`.", 200
    )


def unknown(path: str) -> Refusal:
    return Refusal("UnknownParameter", f"The parameter `{path}` is not recognized.", 200)


def mistyped(path: str, value: object = None) -> Refusal:
    return Refusal("InvalidParameter", f"The value type of parameter `{path}` is not valid.", 200)


def bad(path: str, value: object, code: str = "InvalidParameter") -> Refusal:
    text = f"The value `{value}` specified in the parameter `{path}` is not valid."
    return Refusal(code, text, 200)


def bad_record(path: str, value: object) -> Refusal:
    return bad(path, value, "InvalidParameter.RecordParameter")


def unauthorised(part: str) -> Refusal:
    text = "The request `Authorization` header does not conform to tencentcloud standards: "
    return Refusal(
        "AuthFailure.InvalidAuthorization", f"{text}`{part}` in Credential not valid.", 200
    )


NO_INIT_PARAM = Refusal(
    "InvalidParameter.BodyParameterTypeUnmatched", "The parameter type does not match.", 200
)
EXPIRED = Refusal(
    "AuthFailure.SignatureExpire",
    "Signature expired. Please use local time and enable NTP service for time synchronization "
    "to avoid a deviation between `Timestamp` and the server time 1767323045.",
    200,
)
NO_SECRET_ID = Refusal(
    "AuthFailure.SecretIdNotFound",
    "The SecretId is not found, please ensure that your SecretId is correct.",
    200,
)
NO_SECRET_ID_ZH = NO_SECRET_ID._replace(message="SecretId不存在，请输入正确的密钥。")
BAD_SIGNATURE = Refusal(
    "AuthFailure.SignatureFailure",
    "The provided credentials could not be validated. Please check your signature is correct.",
    200,
)
BAD_SIGNATURE_ZH = BAD_SIGNATURE._replace(message="请求签名验证失败，请检查您的签名计算是否正确。")
OVERSIZE = BAD_SIGNATURE._replace(
    message="The provided credentials could not be validated because of exceeding request size "
    "limit, please use new signature method `TC3-HMAC-SHA256`."
)
TOO_LARGE = Refusal("RequestSizeLimitExceeded", "The request size exceeds the limit.", 200)
BAD_TOKEN = Refusal(
    "AuthFailure.TokenFailure",
    "Token verification failed, please check if your Token is correct.",
    200,
)
BAD_METHOD = Refusal(
    "UnsupportedProtocol",
    "The HTTP protocol is incorrect. Only GET and POST requests are supported.",
    200,
)
NO_EQUALS_SIGN = Refusal("InvalidParameter", "Url key and value should be splited by `=`.", 200)
NO_OBJECT = Refusal("InvalidParameter", "A parameter error occurred.", 200)
NO_OBJECT_ZH = NO_OBJECT._replace(
    message="对于指定content-type=application/json协议下，请求内容不是合法的Json格式。"
)
NO_REGION = Refusal(
    "InvalidParameterValue",
    "A value specified in `X-TC-Region` is not valid, is unsupported, or cannot be used.",
    200,
)
NO_REGION_ZH = NO_REGION._replace(message="参数 `X-TC-Region` 取值错误。")
NO_REGION_V1 = NO_REGION._replace(
    message="A value specified in `Region` is not valid, is unsupported, or cannot be used."
)
OTHER_REGION = Refusal("UnsupportedRegion", "The action not support this region.", 200)


def no_version(version: str, service: str) -> Refusal:
    text = f"The specified api version=`{version}` does not exist in service=`{service}`."
    return Refusal("NoSuchVersion", text, 200)


def no_action(action: str, service: str, version: str) -> Refusal:
    text = (
        f"The request action=`{action}` is invalid or not found in service=`{service}` "
        f"and version=`{version}`."
    )
    return Refusal("InvalidAction", text, 200)


# Alibaba.


def mandatory(name: str) -> Refusal:
    return Refusal(f"Missing{name}", f"{name} is mandatory for this action.", 400)


def job_lacks(path: str, value: object = None) -> Refusal:
    text = (
        f'The input parameter "{path}" that is mandatory for processing this request '
        "is not supplied."
    )
    return Refusal("MissingParameter", text, 400)


def job_bad(path: str, value: object = None) -> Refusal:
    return Refusal("InvalidParameter", f'The specified parameter "{path}" is not valid.', 400)


NO_API = Refusal(
    "InvalidAction.NotFound", "Specified api is not found, please check your url and method.", 404
)
BAD_TIME = Refusal(
    "InvalidTimeStamp.Format", "Specified time stamp or date value is not well formatted.", 400
)
OLD_TIME = Refusal(
    "InvalidTimeStamp.Expired", "Specified time stamp or date value is expired.", 400
)
NO_ACCESS_KEY = Refusal("InvalidAccessKeyId.NotFound", "Specified access key is not found.", 404)
OTHER_TOKEN = Refusal(
    "InvalidSecurityToken.MismatchWithAccessKey",
    "Specified SecurityToken mismatch with the AccessKey.",
    400,
)
USED_NONCE = Refusal("SignatureNonceUsed", "Specified signature nonce was used already.", 400)
BAD_SIGNATURE_METHOD = Refusal(
    "InvalidSignatureMethod", "Specified signature method is not valid.", 400
)


def _rpc_mismatch(wire: Wire) -> str:
    fields = dict(parse_qsl(wire.target.partition("?")[2], keep_blank_values=True))
    del fields["Signature"]
    text = "&".join(f"{_quote(name)}={_quote(fields[name])}" for name in sorted(fields))
    return (
        "Specified signature is not matched with our calculation. server string to sign is:"
        f"{wire.method}&%2F&{_quote(text)}"
    )


def _acs3_mismatch(wire: Wire) -> str:
    fields = parse_qsl(wire.target.partition("?")[2], keep_blank_values=True)
    names = wire.headers["authorization"].partition("SignedHeaders=")[2].partition(",")[0]
    canonical = "\n".join(
        (
            wire.method,
            "/",
            "&".join(sorted(f"{_quote(name)}={_quote(value)}" for name, value in fields)),
            *(f"{name}:{wire.headers[name]}" for name in names.split(";")),
            "",
            names,
            hashlib.sha256(wire.body).hexdigest(),
        )
    )
    digest = hashlib.sha256(canonical.encode()).hexdigest()
    return (
        "Specified signature does not match our calculation. server StringToSign is "
        f"[ACS3-HMAC-SHA256\n{digest}] server CanonicalRequest is [{canonical}]"
    )


def _quote(text: str) -> str:
    return quote(text, safe="-_.~")


BAD_RPC_SIGNATURE = Refusal("SignatureDoesNotMatch", _rpc_mismatch, 400)
BAD_ACS3_SIGNATURE = Refusal("SignatureDoesNotMatch", _acs3_mismatch, 400)
UNSIGNED_HEADER = Refusal(
    "IncompleteSignature",
    "The request signature does not conform to Aliyun standards. server string to sign is:",
    400,
)

# Volcengine.


def room_lacks(path: str, value: object = None) -> Refusal:
    return Refusal("InvalidParameter", f"Parameter {path} must not be empty", 400)


def room_bad(path: str, value: object = None) -> Refusal:
    return Refusal("InvalidParameter", f"Parameter {path} is invalid", 400)


def room_mistyped(path: str, value: object = None) -> Refusal:
    text = f"The request body cannot be parsed: {path}"
    return Refusal("InvalidParameter.Unmarshal", text, 400)


def no_account_id(path: str, value: object = None) -> Refusal:
    return Refusal("InvalidParameter.EmptyAccountId", f"{path} is empty", 400)


def _room_gateway(number: int, code: str, status: int, message: str) -> Refusal:
    return Refusal(code, message, status, number)


BAD_APP_ID = Refusal("InvalidParameter.IllegalAppId", "AppId is malformed", 400)
BAD_ROOM_ID = Refusal("InvalidParameter.IllegalRoomID", "RoomId is malformed", 400)
NO_BODY = Refusal("InvalidParameter.BodyIsEmpty", "The request body is empty", 400)
NO_QUERY_ACTION = _room_gateway(
    100002, "MissingParameter", 400, "The request is missing Action parameter."
)
NO_QUERY_VERSION = _room_gateway(
    100002, "MissingParameter", 400, "The request is missing Version parameter."
)
NO_X_DATE = _room_gateway(
    100004, "MissingRequestInfo", 400, "The request is missing timestamp information."
)
OLD_X_DATE = _room_gateway(
    100006, "InvalidTimestamp", 400, "The Signature of the request is expired."
)
NO_SERVICE = _room_gateway(100007, "ServiceNotFound", 404, "This service[iam] not found.")
NO_ROOM_KEY = _room_gateway(
    100009,
    "InvalidAccessKey",
    401,
    "The security token[nobody] included in the request is invalid.",
)
BAD_ROOM_SIGNATURE = _room_gateway(
    100010,
    "SignatureDoesNotMatch",
    401,
    "The request signature we calculated does not match the signature you provided. Check your "
    "Secret Access Key and signing method. Consult the service documentation for details.",
)
NOT_A_POST = _room_gateway(100020, "MethodNotAllowed", 405, "Method not allowed.")
BAD_AUTHORIZATION = _room_gateway(
    100024,
    "InvalidAuthorization",
    400,
    "Invalid 'Authorization' header, Pls check your authorization header.",
)
NO_CREDENTIAL = _room_gateway(
    100025, "InvalidCredential", 400, "The request carries no valid credential."
)
BAD_ROOM_TOKEN = _room_gateway(
    100026,
    "InvalidSecretToken",
    401,
    "Invalid secret token, msg: secret token sequence is broken.",
)


def no_operation(action: str, version: str) -> Refusal:
    text = f"Could not find operation {action} for version {version}."
    return _room_gateway(100008, "InvalidActionOrVersion", 404, text)
