"""Tencent Live: screenshots of a stream, by templates of one's own."""

import hashlib
import hmac
import time
from typing import Any

from tencentcloud.common.credential import Credential
from tencentcloud.common.profile.client_profile import ClientProfile
from tencentcloud.common.profile.http_profile import HttpProfile
from tencentcloud.live.v20180801 import models
from tencentcloud.live.v20180801.live_client import LiveClient

from examples.flows.receiver import Place, Row, require

KEY = "adasda131312"
DOMAIN, APP, STREAM = "5000.live.push.com", "live", "lesson"


def is_verified(event: dict[str, Any], key: str) -> bool:
    """The sign is md5(key + t), in hex."""
    expected = hashlib.md5(f"{key}{event['t']}".encode()).hexdigest()
    return hmac.compare_digest(expected, event["sign"])


def screenshot(place: Place) -> Row:
    http = HttpProfile(endpoint=place.endpoint, protocol="http")
    live = LiveClient(Credential("test", "test"), "", ClientProfile(httpProfile=http))
    template = models.CreateLiveSnapshotTemplateRequest()
    template.TemplateName, template.SnapshotInterval, template.Width = "lesson", 5, 320
    template.CosAppId, template.CosBucket, template.CosRegion = 1250000001, "shots", "ap-guangzhou"
    template_id = live.CreateLiveSnapshotTemplate(template).TemplateId
    callback = models.CreateLiveCallbackTemplateRequest()
    callback.TemplateName, callback.CallbackKey = "lesson", KEY
    callback.SnapshotNotifyUrl = place.callback_url("live")
    rule = models.CreateLiveCallbackRuleRequest()
    rule.DomainName, rule.AppName = DOMAIN, APP
    rule.TemplateId = live.CreateLiveCallbackTemplate(callback).TemplateId
    live.CreateLiveCallbackRule(rule)

    create = models.CreateScreenshotTaskRequest()
    create.DomainName, create.AppName, create.StreamName = DOMAIN, APP, STREAM
    create.EndTime, create.TemplateId = int(time.time()) + 3600, template_id
    task_id = live.CreateScreenshotTask(create).TaskId

    # The international site cannot ask for a task: the stream's state is all there is to see.
    describe = models.DescribeLiveStreamStateRequest()
    describe.DomainName, describe.AppName, describe.StreamName = DOMAIN, APP, STREAM
    state = live.DescribeLiveStreamState(describe).StreamState
    require(state == "active", f"stream is {state}")
    event = place.received("live", lambda body: body.get("task_id") == task_id).body
    require(event["event_type"] == 200, "callback is not event 200")
    require(is_verified(event, KEY), "signature of the callback is wrong")
    picture = place.picture(event["pic_full_url"], "JPEG", (320, 180))
    return Row("Live CreateScreenshotTask", f"stream {state}", "yes", picture)
