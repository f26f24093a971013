"""alibabacloud_ice20201109: every action around a snapshot job, typed, through a real socket."""

import json
from collections.abc import Iterator, Mapping
from io import BytesIO
from typing import Any

import pytest
from alibabacloud_ice20201109 import models
from alibabacloud_ice20201109.client import Client
from alibabacloud_tea_openapi.exceptions import ClientException
from alibabacloud_tea_openapi.models import Config
from PIL import Image

from contract_tests.signers import Wire
from tests.server import Running, running

# The SDK asks for the time in UTC in a way that Python 3.12 deprecates.
pytestmark = pytest.mark.filterwarnings(
    "ignore:datetime.datetime.utc:DeprecationWarning:alibabacloud"
)
TEXT = '{"Type":"Normal","FrameType":"normal","Time":0,"Count":10}'
HTTP = {
    "callback_type": "HTTP",
    "event_type_list": "SnapshotComplete",
    "auth_switch": "on",
    "auth_key": "Test123",
}


@pytest.fixture(scope="module")
def own_server() -> Iterator[Running]:
    """One whose clock these tests may hold."""
    with running() as server:
        yield server


def client_of(server: Running) -> Any:
    config = Config(
        access_key_id="test",
        access_key_secret="test",
        endpoint=server.endpoint,
        protocol="http",
    )
    return Client(config)


@pytest.fixture
def client(server: Running) -> Any:
    return client_of(server)


def admin(server: Running, method: str, path: str, body: Mapping[str, Any] | None = None) -> Any:
    headers = {"host": server.endpoint, "content-type": "application/json"}
    content = json.dumps(body).encode() if body is not None else b""
    return server.send(Wire(method, f"/_emulator/{path}", headers, content)).content


def fetched(server: Running, url: str) -> bytes:
    prefix = f"http://{server.endpoint}"
    assert url.startswith(prefix)
    answer = server.send(Wire("GET", url.removeprefix(prefix), {"host": server.endpoint}))
    assert answer.status == 200
    return answer.body


def submission(template_id: str) -> Any:
    return models.SubmitSnapshotJobRequest(
        name="Test task",
        input=models.SubmitSnapshotJobRequestInput(type="OSS", media="oss://b/o.mp4"),
        output=models.SubmitSnapshotJobRequestOutput(type="OSS", media="oss://b/o-{Count}.jpg"),
        template_config=models.SubmitSnapshotJobRequestTemplateConfig(
            template_id=template_id,
            overwrite_params=models.SubmitSnapshotJobRequestTemplateConfigOverwriteParams(
                count=12, width=320, height=200
            ),
        ),
        user_data='{"k":"v"}',
    )


def template_of(client: Any, **more: Any) -> Any:
    members = {"name": "Sample", "type": 2, "subtype": 1, "template_config": TEXT, **more}
    request = models.CreateCustomTemplateRequest(**members)
    return client.create_custom_template(request).body.custom_template


def test_a_job_from_submission_to_its_pictures_and_its_event(own_server: Running) -> None:
    client = client_of(own_server)
    admin(own_server, "PUT", "clock", {"mode": "manual"})
    sink = f"http://{own_server.endpoint}/_emulator/sink/ice"
    client.set_event_callback(models.SetEventCallbackRequest(callback_url=sink, **HTTP))
    template_id = template_of(client).template_id
    job_id = client.submit_snapshot_job(submission(template_id)).body.job_id

    def job() -> Any:
        request = models.GetSnapshotJobRequest(job_id=job_id)
        return client.get_snapshot_job(request).body.snapshot_job

    before = job()
    admin(own_server, "POST", "clock/advance", {"seconds": 2})
    after = job()
    urls = client.get_snapshot_urls(
        models.GetSnapshotUrlsRequest(job_id=job_id, page_number=2, page_size=10, timeout=60)
    ).body
    (listed,) = client.list_snapshot_jobs(
        models.ListSnapshotJobsRequest(status="Success", page_size=20)
    ).body.jobs

    assert (before.status, before.finish_time, before.async_) == ("Init", None, True)
    assert (after.status, after.count, after.user_data) == ("Success", 12, '{"k":"v"}')
    assert after.output.oss_file.location == "oss-cn-shanghai"
    assert json.loads(after.template_config)["Width"] == 320
    assert (listed.job_id, listed.pipeline_id) == (job_id, after.pipeline_id)
    assert (urls.total, len(urls.snapshot_urls), urls.web_vtturl) == (12, 2, None)
    images = [Image.open(BytesIO(fetched(own_server, url))) for url in urls.snapshot_urls]
    assert [(image.format, image.size) for image in images] == [("JPEG", (320, 200))] * 2
    (delivery,) = admin(own_server, "GET", "callbacks")["callbacks"]
    assert delivery["state"] == "delivered"


def test_an_unknown_job_is_a_typed_error(client: Any) -> None:
    with pytest.raises(ClientException) as caught:
        client.get_snapshot_job(models.GetSnapshotJobRequest(job_id="0" * 32))

    assert (caught.value.code, caught.value.status_code) == ("ResourceNotFound", 404)


def test_custom_templates(client: Any) -> None:
    created = template_of(client)
    key = {"template_id": created.template_id}

    got = client.get_custom_template(models.GetCustomTemplateRequest(**key)).body.custom_template
    client.set_default_custom_template(models.SetDefaultCustomTemplateRequest(**key))
    default = client.get_custom_template(models.GetCustomTemplateRequest(type=2, subtype=1)).body
    updated = client.update_custom_template(
        models.UpdateCustomTemplateRequest(**key, name="Other", template_config=TEXT)
    ).body
    listed = client.list_custom_templates(
        models.ListCustomTemplatesRequest(
            type="2", subtype="1", order_by="CreationTime:Desc", page_number=1, page_size=20, **key
        )
    ).body
    deleted = client.delete_custom_template(models.DeleteCustomTemplateRequest(**key)).body

    # The name when it is created, the number ever after.
    assert (created.subtype, got.subtype, got.subtype_name) == ("Normal", 1, "Normal")
    assert (got.type, got.type_name, got.is_default) == (2, "SnapshotTemplate", False)
    assert (default.custom_template.template_id, default.custom_template.is_default) == (
        created.template_id,
        True,
    )
    assert (listed.total, listed.custom_template_list[0].template_name) == (1, "Other")
    assert listed.custom_template_list[0].subtype == 1
    assert updated.success is deleted.success is True


def test_system_templates(client: Any) -> None:
    listed = client.list_system_templates(
        models.ListSystemTemplatesRequest(type="2", status="Normal", page_number=1, page_size=20)
    ).body
    template = listed.system_template_list[0]

    request = models.GetSystemTemplateRequest(template_id=template.template_id)
    got = client.get_system_template(request).body.system_template

    assert listed.total == len(listed.system_template_list)
    assert got.to_map() == template.to_map()
    assert (got.type, got.subtype, got.subtype_name) == (2, 1, "Normal")


def test_pipelines(client: Any) -> None:
    created = client.create_pipeline(
        models.CreatePipelineRequest(name="Sample", speed="Boost", priority=7)
    ).body.pipeline
    key = {"pipeline_id": created.pipeline_id}

    got = client.get_pipeline(models.GetPipelineRequest(**key)).body.pipeline
    listed = client.list_pipelines(models.ListPipelinesRequest(speed="Boost")).body.pipeline_list
    updated = client.update_pipeline(
        models.UpdatePipelineRequest(**key, name="Other", priority=1, status="Paused")
    ).body
    after = client.get_pipeline(models.GetPipelineRequest(**key)).body.pipeline
    deleted = client.delete_pipeline(models.DeletePipelineRequest(**key)).body

    assert got.to_map() == created.to_map()
    assert got.to_map() in [pipeline.to_map() for pipeline in listed]
    assert (after.name, after.priority, after.status) == ("Other", 1, "Paused")
    assert updated.success is deleted.success is True


def test_event_callbacks(client: Any) -> None:
    request = models.SetEventCallbackRequest(callback_url="http://127.0.0.1:9/cb", **HTTP)
    made = client.set_event_callback(request).body

    shown = client.get_event_callback().body

    assert made.success is True
    assert {name: getattr(shown, name) for name in HTTP} == HTTP
    assert shown.callback_url == "http://127.0.0.1:9/cb"
