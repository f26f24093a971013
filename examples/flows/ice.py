"""Alibaba ICE: a snapshot job."""

import hashlib
import hmac
from collections.abc import Mapping
from typing import Any

from alibabacloud_ice20201109 import models
from alibabacloud_ice20201109.client import Client
from alibabacloud_tea_openapi.models import Config

from examples.flows.receiver import Place, Row, require, states_until

KEY = "Test123"


def is_verified(url: str, headers: Mapping[str, str], key: str) -> bool:
    """X-ICE-SIGNATURE is md5(URL|X-ICE-TIMESTAMP|key), in hex; the URL is the one that was set."""
    text = f"{url}|{headers['x-ice-timestamp']}|{key}"
    expected = hashlib.md5(text.encode()).hexdigest()
    return hmac.compare_digest(expected, headers["x-ice-signature"])


def snapshot_job(place: Place) -> Row:
    config = Config(
        access_key_id="test", access_key_secret="test", endpoint=place.endpoint, protocol="http"
    )
    client: Any = Client(config)
    url = place.callback_url("ice")
    client.set_event_callback(
        models.SetEventCallbackRequest(
            callback_type="HTTP",
            callback_url=url,
            event_type_list="SnapshotComplete",
            auth_switch="on",
            auth_key=KEY,
        )
    )
    template = models.CreateCustomTemplateRequest(
        name="Sample",
        type=2,
        subtype=1,
        template_config='{"Type":"Normal","FrameType":"normal","Time":0,"Count":3}',
    )
    template_id = client.create_custom_template(template).body.custom_template.template_id
    submit = models.SubmitSnapshotJobRequest(
        input=models.SubmitSnapshotJobRequestInput(type="OSS", media="oss://bucket/video.mp4"),
        output=models.SubmitSnapshotJobRequestOutput(type="OSS", media="oss://bucket/{Count}.jpg"),
        template_config=models.SubmitSnapshotJobRequestTemplateConfig(
            template_id=template_id,
            overwrite_params=models.SubmitSnapshotJobRequestTemplateConfigOverwriteParams(
                width=320, height=200
            ),
        ),
    )
    job_id = client.submit_snapshot_job(submit).body.job_id

    ask = models.GetSnapshotJobRequest(job_id=job_id)
    states = states_until(
        "Success", lambda: str(client.get_snapshot_job(ask).body.snapshot_job.status)
    )
    event = place.received("ice", lambda body: job_id in str(body["MessageBody"]))
    require(is_verified(url, event.headers, KEY), "signature of the callback is wrong")
    urls = client.get_snapshot_urls(models.GetSnapshotUrlsRequest(job_id=job_id)).body.snapshot_urls
    return Row("ICE SubmitSnapshotJob", states, "yes", place.picture(urls[0], "JPEG", (320, 200)))
