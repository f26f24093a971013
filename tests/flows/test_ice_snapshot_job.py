"""ICE snapshot jobs from submission to pictures, in manual time."""

import json
import re
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from PIL import Image

from tests.flows.ice import STRICT, UNDECLARED, Customer
from tests.server import InProcess

TILES = {
    "Type": "Sprite",
    "Count": 7,
    "SpriteSnapshotConfig": {
        "CellWidth": 160,
        "CellHeight": 90,
        "Padding": 4,
        "Margin": 6,
        "Columns": 3,
        "Lines": 2,
        "Color": "#ff0000",
    },
}
EVERY_SEVENTH_SECOND = [f"00:00:{second:02}.000" for second in range(0, 56, 7)]


@pytest.fixture
def customer(emulator: InProcess) -> Customer:
    return Customer(emulator)


def strict(tmp_path: Path, *lines: str) -> Customer:
    """Return a customer of a world in which only what was declared or made exists."""
    world = tmp_path / "world.toml"
    world.write_text("\n".join([STRICT, *lines]))
    return Customer(InProcess(world))


def opened(customer: Customer, url: str) -> Any:
    answer = customer.fetch(url)
    assert answer.status == 200
    return Image.open(BytesIO(answer.body))


def file_name(url: str) -> str:
    return urlsplit(url).path.rpartition("/")[2]


def test_a_job_is_submitted_and_then_done(customer: Customer) -> None:
    job_id = customer.submit(overrides={"Count": 3}, UserData='{"k":"v"}')
    before = customer.job(job_id)
    customer.emulator.advance(1.9)
    just_before = customer.job(job_id)
    customer.emulator.advance(0.1)

    after = customer.job(job_id)

    assert [job["Status"] for job in (before, just_before, after)] == ["Init", "Init", "Success"]
    assert "FinishTime" not in before
    assert "Count" not in before
    default = customer.call("ListPipelines")["PipelineList"][0]["PipelineId"]
    oss = {"Bucket": "test-bucket", "Location": "oss-cn-shanghai"}
    assert after == {
        "JobId": job_id,
        "Name": "Test task",
        "Status": "Success",
        "Type": "Normal",
        "Async": True,
        "Count": 3,
        "Input": {
            "Type": "OSS",
            "Media": "oss://test-bucket/object.mp4",
            "OssFile": {**oss, "Object": "object.mp4"},
        },
        "Output": {
            "Type": "OSS",
            "Media": "oss://test-bucket/out-{Count}.jpg",
            "OssFile": {**oss, "Object": "out-{Count}.jpg"},
        },
        "TemplateId": UNDECLARED,
        "TemplateConfig": '{"Type":"Normal","FrameType":"intra","Time":0,"Count":3}',
        "PipelineId": default,
        "TriggerSource": "API",
        "UserData": '{"k":"v"}',
        "SubmitTime": "2026-01-02T03:04:05Z",
        "CreateTime": "2026-01-02T03:04:05Z",
        "ModifiedTime": "2026-01-02T03:04:07Z",
        "FinishTime": "2026-01-02T03:04:07Z",
    }


def test_the_template_holds_where_the_job_overrides_nothing(customer: Customer) -> None:
    config = {"Type": "Normal", "FrameType": "normal", "Time": 0, "Count": 10}
    job_id = customer.submit(template_id=customer.template(config))
    customer.emulator.advance(2)

    job = customer.job(job_id)

    expected = '{"Type":"Normal","FrameType":"normal","Time":0,"Count":10}'
    assert (job["TemplateConfig"], job["Count"]) == (expected, 10)


def test_the_job_overrides_single_members_of_the_template(customer: Customer) -> None:
    template_id = customer.template({**TILES, "Time": 0, "Width": 800})
    overrides = {"Count": 2, "SpriteSnapshotConfig": {"Columns": 1}}
    job_id = customer.submit("sprite-{TileCount}.jpg", template_id, overrides)

    config = json.loads(customer.job(job_id)["TemplateConfig"])

    sprites = {**TILES["SpriteSnapshotConfig"], "Columns": 1}  # type: ignore[dict-item]
    assert config["SpriteSnapshotConfig"] == sprites
    assert (config["Type"], config["Count"], config["Width"]) == ("Sprite", 2, 800)


def test_the_output_is_judged_by_the_template_too(customer: Customer) -> None:
    template_id = customer.template({"Type": "WebVtt", "Time": 0, "Count": 1})

    refusal = customer.refused(
        "SubmitSnapshotJob",
        Input={"Type": "OSS", "Media": "oss://b/o.mp4"},
        Output={"Type": "OSS", "Media": "oss://b/o-{Count}.jpg"},
        TemplateConfig={"TemplateId": template_id},
    )

    text = 'The specified parameter "Output.Media" is not valid.'
    assert refusal == (400, "InvalidParameter", text)


@pytest.mark.parametrize(
    ("overrides", "size"),
    [({}, (1280, 720)), ({"Width": 320, "Height": 200}, (320, 200))],
    ids=["usual", "asked for"],
)
def test_every_picture_opens_in_its_size(
    customer: Customer, overrides: dict[str, int], size: tuple[int, int]
) -> None:
    job_id = customer.submit(overrides={"Count": 3, **overrides})
    customer.emulator.advance(2)

    urls = customer.urls(job_id)

    assert [file_name(url) for url in urls] == [f"out-0000{n}.jpg" for n in (1, 2, 3)]
    images = [opened(customer, url) for url in urls]
    assert [(image.format, image.size) for image in images] == [("JPEG", size)] * 3
    assert customer.fetch(urls[0]).body == customer.fetch(urls[0]).body
    assert customer.fetch(urls[0]).body != customer.fetch(urls[1]).body


@pytest.mark.parametrize(
    ("overrides", "count"),
    [
        ({}, 1),
        ({"Count": 12}, 12),
        ({"Count": 12, "Interval": 600}, 7),
        ({"Interval": 600}, 7),
        ({"Interval": 600, "Time": 3_000_000}, 2),
    ],
)
def test_an_interval_ends_with_the_video_of_an_hour(
    customer: Customer, overrides: dict[str, int], count: int
) -> None:
    job_id = customer.submit(overrides=overrides)
    customer.emulator.advance(2)

    assert customer.job(job_id)["Count"] == count


def test_one_picture_needs_no_number_in_its_name(customer: Customer) -> None:
    job_id = customer.submit("cover.jpg")
    customer.emulator.advance(2)

    assert [file_name(url) for url in customer.urls(job_id)] == ["cover.jpg"]


def test_pictures_for_a_media_asset_are_numbered_all_the_same(customer: Customer) -> None:
    output = {"Type": "Media", "Media": "5f3c0000000000000000000000000001"}
    job_id = customer.submit(overrides={"Count": 2}, Output=output)
    customer.emulator.advance(2)

    urls = customer.urls(job_id)

    names = [file_name(url) for url in urls]
    assert names == [f"{output['Media']}-{n}.jpg" for n in ("00001", "00002")]
    assert opened(customer, urls[1]).format == "JPEG"


def test_the_pictures_come_in_pages_and_either_order(customer: Customer) -> None:
    job_id = customer.submit("{Count}", overrides={"Count": 25})
    customer.emulator.advance(2)

    first, third, beyond, last = (
        [int(file_name(url)) for url in customer.urls(job_id, **page)]
        for page in (
            {},
            {"PageNumber": "3"},
            {"PageNumber": "4"},
            {"PageSize": "30", "OrderBy": "Desc"},
        )
    )

    assert first == list(range(1, 11))
    assert third == list(range(21, 26))
    assert beyond == []
    assert last == list(range(25, 0, -1))
    assert customer.call("GetSnapshotUrls", JobId=job_id)["Total"] == 25


def test_before_the_end_there_are_no_pictures(customer: Customer) -> None:
    answer = customer.call("GetSnapshotUrls", JobId=customer.submit())

    assert (answer["SnapshotUrls"], answer["Total"]) == ([], 0)
    assert "WebVTTUrl" not in answer


def test_addresses_say_until_when_they_open(customer: Customer) -> None:
    job_id = customer.submit()
    customer.emulator.advance(2)
    now = int(customer.emulator.clock.now().timestamp())

    usual, longest = (
        parse_qs(urlsplit(customer.urls(job_id, **timeout)[0]).query)
        for timeout in ({}, {"Timeout": "129600"})
    )

    assert usual.keys() == {"Expires", "OSSAccessKeyId", "Signature"}
    assert int(usual["Expires"][0]) - now == 3600
    assert int(longest["Expires"][0]) - now == 129600


def test_an_address_does_not_open_after_its_time(customer: Customer) -> None:
    job_id = customer.submit()
    customer.emulator.advance(2)
    (url,) = customer.urls(job_id, Timeout="60")
    customer.emulator.advance(59)
    before = customer.fetch(url).status
    customer.emulator.advance(1)

    after = customer.fetch(url)

    assert (before, after.status) == (200, 403)
    assert "<Message>Request has expired.</Message>" in after.text
    assert customer.fetch(customer.urls(job_id)[0]).status == 200


def test_a_sprite_has_the_grid_asked_for(customer: Customer) -> None:
    job_id = customer.submit("sprite-{TileCount}.jpg", overrides=TILES)
    customer.emulator.advance(2)
    urls = customer.urls(job_id)

    full, rest = (opened(customer, url) for url in urls)

    assert [file_name(url) for url in urls] == ["sprite-00001.jpg", "sprite-00002.jpg"]
    # Three columns and two lines, four pixels between them and six around.
    assert full.size == rest.size == (3 * 160 + 2 * 4 + 2 * 6, 2 * 90 + 4 + 2 * 6)
    assert is_red(full.getpixel((2, 2)))
    assert is_red(full.getpixel((6 + 160 + 2, 50)))
    assert not is_red(full.getpixel((6 + 3 * 160 + 4, 140)))
    # The seventh tile is alone on the second sprite.
    assert not is_red(rest.getpixel((80, 80)))
    assert is_red(rest.getpixel((6 + 160 + 4 + 80, 80)))
    assert customer.job(job_id)["Count"] == 7


@pytest.mark.parametrize(("count", "size"), [(1, (160, 90)), (12, (1600, 180))])
def test_a_sprite_without_a_grid_has_as_many_tiles_as_it_needs(
    customer: Customer, count: int, size: tuple[int, int]
) -> None:
    overrides = {"Type": "Sprite", "Count": count, "Width": 160, "Height": 90}
    job_id = customer.submit("{TileCount}.jpg", overrides=overrides)
    customer.emulator.advance(2)

    (url,) = customer.urls(job_id)

    assert opened(customer, url).size == size


def is_red(pixel: tuple[int, int, int]) -> bool:
    red, green, blue = pixel
    return red > 200 and green < 60 and blue < 60


def test_webvtt_points_to_the_tiles_of_sprites(customer: Customer) -> None:
    overrides = {**TILES, "Type": "WebVtt", "Count": 8, "Interval": 7, "IsSptFrag": True}
    job_id = customer.submit("in/out.vtt", overrides=overrides)
    customer.emulator.advance(2)

    answer = customer.call("GetSnapshotUrls", JobId=job_id)

    index = customer.fetch(answer["WebVTTUrl"])
    cues = re.findall(r"(\S+) --> (\S+)\n(\S+)\n", index.text)
    assert index.headers["content-type"].startswith("text/vtt")
    assert index.text.startswith("WEBVTT\n\n")
    assert [begin for begin, _, _ in cues] == EVERY_SEVENTH_SECOND
    assert [end for _, end, _ in cues] == [*EVERY_SEVENTH_SECOND[1:], "01:00:00.000"]
    assert [cue[2] for cue in cues[:2]] == [
        "out-00001.jpg#xywh=6,6,160,90",
        "out-00001.jpg#xywh=170,6,160,90",
    ]
    assert cues[7][2] == "out-00002.jpg#xywh=170,6,160,90"
    assert [file_name(url) for url in answer["SnapshotUrls"]] == ["out-00001.jpg", "out-00002.jpg"]
    for _, _, target in cues:
        name, _, rectangle = target.partition("#xywh=")
        left, top, width, height = map(int, rectangle.split(","))
        url = next(url for url in answer["SnapshotUrls"] if file_name(url) == name)
        image = opened(customer, url)
        assert left + width <= image.width
        assert top + height <= image.height


def test_webvtt_points_to_single_pictures_unless_they_are_to_be_merged(customer: Customer) -> None:
    overrides = {"Type": "WebVtt", "Count": 3, "Width": 160, "Height": 90}
    job_id = customer.submit("out.vtt", overrides=overrides)
    customer.emulator.advance(2)

    answer = customer.call("GetSnapshotUrls", JobId=job_id)

    targets = re.findall(r"-->.*\n(\S+)", customer.fetch(answer["WebVTTUrl"]).text)
    assert targets == [f"out-0000{n}.jpg" for n in (1, 2, 3)]
    assert targets == [file_name(url) for url in answer["SnapshotUrls"]]
    assert opened(customer, answer["SnapshotUrls"][2]).size == (160, 90)


def test_a_sprite_that_no_jpg_can_be_lets_the_job_fail(customer: Customer) -> None:
    layout = {"CellWidth": 4000, "CellHeight": 4000, "Columns": 100, "Lines": 100}
    overrides = {"Type": "Sprite", "SpriteSnapshotConfig": layout}
    job_id = customer.submit("{TileCount}.jpg", overrides=overrides)
    customer.emulator.advance(2)

    job = customer.job(job_id)

    assert (job["Status"], job["Code"]) == ("Fail", "InvalidParameter")


@pytest.mark.parametrize(
    ("declared", "missing"),
    [
        (f'PipelineId = ["p1"]\nTemplateId = ["{UNDECLARED}"]', ""),
        (f'TemplateId = ["{UNDECLARED}"]', "Pipeline"),
        ('PipelineId = ["p1"]', "Template"),
    ],
)
def test_what_does_not_exist_lets_the_job_fail_and_not_the_call(
    tmp_path: Path, declared: str, missing: str
) -> None:
    customer = strict(tmp_path, declared)
    job_id = customer.submit(ScheduleConfig={"PipelineId": "p1"})
    before = customer.job(job_id)
    customer.emulator.advance(2)

    job = customer.job(job_id)

    assert before["Status"] == "Init"
    if missing:
        text = f'The specified resource for "{missing}" could not be found.'
        assert (job["Status"], job["Code"], job["Message"]) == ("Fail", "ResourceNotFound", text)
        assert "FinishTime" in job
        assert customer.urls(job_id) == []
    else:
        assert job["Status"] == "Success"


def test_system_templates_and_those_made_exist_in_a_strict_world(tmp_path: Path) -> None:
    customer = strict(tmp_path)
    listed = customer.call("ListSystemTemplates", Type="2")["SystemTemplateList"]
    normal = next(each for each in listed if each["SubtypeName"] == "Normal")
    made = customer.template({"Type": "Normal", "FrameType": "normal", "Time": 0, "Count": 2})
    gone = customer.template({"Type": "Normal", "FrameType": "normal", "Time": 0, "Count": 2})
    customer.call("DeleteCustomTemplate", TemplateId=gone)
    jobs = [customer.submit(template_id=each) for each in (normal["TemplateId"], made, gone)]
    customer.emulator.advance(2)

    assert [customer.job(job)["Status"] for job in jobs] == ["Success", "Success", "Fail"]


@pytest.mark.parametrize(
    "overrides",
    [
        {"Count": 0},
        {"Count": 10**12},
        {"Interval": -3, "Count": 4},
        {"Time": -3000, "Count": 4},
        {"Width": 0},
        {"Width": 10**9},
        {"Type": "Sprite", "SpriteSnapshotConfig": {"Columns": 0, "Margin": 5}},
        {"Type": "Sprite", "SpriteSnapshotConfig": {"Margin": -5000}},
        {"Type": "Sprite", "SpriteSnapshotConfig": {"Color": "nonsense", "CellWidth": 9}},
    ],
    ids=str,
)
def test_values_beyond_assumed_limits_end_a_job_all_the_same(
    tmp_path: Path, overrides: dict[str, Any]
) -> None:
    world = tmp_path / "world.toml"
    world.write_text('assumed_limits = "ignore"\n')
    customer = Customer(InProcess(world))
    job_id = customer.submit("{Count}{TileCount}", overrides=overrides)
    customer.emulator.advance(2)

    job = customer.job(job_id)

    assert job["Status"] in ("Success", "Fail")
    assert [customer.fetch(url).status for url in customer.urls(job_id)[:1]] in ([200], [])


def test_jobs_are_listed_newest_first_without_their_details(customer: Customer) -> None:
    first = customer.submit()
    customer.emulator.advance(3)
    second = customer.submit(UserData='"x"')

    listed = customer.call("ListSnapshotJobs")

    assert [job["JobId"] for job in listed["Jobs"]] == [second, first]
    assert [job["Status"] for job in listed["Jobs"]] == ["Init", "Success"]
    assert listed["Jobs"][0].keys().isdisjoint(("TemplateConfig", "UserData", "Code", "Message"))
    assert listed["Jobs"][0]["Input"].keys() == {"Type", "Media"}
    assert "NextPageToken" not in listed


def test_the_list_goes_on_from_a_token(customer: Customer) -> None:
    jobs = [customer.submit() for _ in range(5)]
    seen: list[str] = []
    token: dict[str, str] = {}
    pages = 0
    while pages == 0 or token:
        answer = customer.call("ListSnapshotJobs", PageSize="2", OrderBy="CreateTimeAsc", **token)
        seen += [job["JobId"] for job in answer["Jobs"]]
        token = {k: v for k, v in answer.items() if k == "NextPageToken"}
        pages += 1

    assert (seen, pages) == (jobs, 3)


def test_the_list_goes_on_where_jobs_have_changed_their_state(customer: Customer) -> None:
    jobs = [customer.submit() for _ in range(2)]
    asked = {"Status": "Init", "PageSize": "1", "OrderBy": "CreateTimeAsc"}
    token = customer.call("ListSnapshotJobs", **asked)["NextPageToken"]
    customer.emulator.advance(2)

    rest = customer.call("ListSnapshotJobs", **asked | {"Status": "Success"}, NextPageToken=token)

    assert [job["JobId"] for job in rest["Jobs"]] == jobs[1:]


def test_an_unknown_token_is_refused(customer: Customer) -> None:
    status, code, message = customer.refused("ListSnapshotJobs", NextPageToken="nonsense")

    assert (status, code) == (400, "InvalidParameter")
    assert '"NextPageToken"' in message


def test_the_list_is_filtered(customer: Customer) -> None:
    first = customer.submit()
    customer.emulator.advance(10)
    second = customer.submit()
    customer.emulator.advance(1)

    def listed(**filters: str) -> list[str]:
        jobs = customer.call("ListSnapshotJobs", **filters)["Jobs"]
        return [job["JobId"] for job in jobs]

    assert listed(Status="Init") == [second]
    assert listed(Status="Success") == [first]
    assert listed(Status="Fail") == []
    assert listed(JobId=first) == [first]
    assert listed(StartOfCreateTime="2026-01-02T03:04:06Z") == [second]
    assert listed(EndOfCreateTime="2026-01-02T03:04:05Z") == [first]


def test_addresses_of_objects_tell_their_region(customer: Customer) -> None:
    media = "http://test-bucket.oss-ap-southeast-1.aliyuncs.com/a/b-{Count}.jpg"
    job_id = customer.submit(Output={"Type": "OSS", "Media": media})
    customer.emulator.advance(2)

    output = customer.job(job_id)["Output"]

    assert output["Media"] == media
    assert output["OssFile"] == {
        "Bucket": "test-bucket",
        "Location": "oss-ap-southeast-1",
        "Object": "a/b-{Count}.jpg",
    }
    path = urlsplit(customer.urls(job_id)[0]).path
    assert path == "/_emulator/results/test-bucket/a/b-00001.jpg"


def test_a_template_that_nobody_made_is_unknown_once_the_account_made_one(
    customer: Customer,
) -> None:
    made = customer.call(
        "CreateCustomTemplate",
        Name="one",
        Type="2",
        TemplateConfig='{"Type":"Normal","Time":0,"Count":1}',
    )
    own = customer.submit(template_id=made["CustomTemplate"]["TemplateId"])
    other = customer.submit()
    customer.call("DeleteCustomTemplate", TemplateId=made["CustomTemplate"]["TemplateId"])
    gone = customer.submit(template_id=made["CustomTemplate"]["TemplateId"])
    customer.emulator.advance(5)

    jobs = [customer.call("GetSnapshotJob", JobId=job)["SnapshotJob"] for job in (own, other, gone)]

    problem = ("Fail", "ResourceNotFound")
    states = [(job["Status"], job.get("Code")) for job in jobs]
    assert states == [("Success", None), problem, problem]


def test_a_pipeline_that_nobody_made_is_unknown_once_the_account_made_one(
    customer: Customer,
) -> None:
    before = customer.submit(ScheduleConfig={"PipelineId": "p1"})
    customer.emulator.advance(5)
    pipeline = customer.call("CreatePipeline", Name="one", Speed="Standard")["Pipeline"]
    own = customer.submit(ScheduleConfig={"PipelineId": pipeline["PipelineId"]})
    usual = customer.submit()
    after = customer.submit(ScheduleConfig={"PipelineId": "p1"})
    customer.emulator.advance(5)

    states = [
        customer.call("GetSnapshotJob", JobId=job)["SnapshotJob"]["Status"]
        for job in (before, own, usual, after)
    ]

    assert states == ["Success", "Success", "Success", "Fail"]
