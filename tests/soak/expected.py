"""The refusals that competing callers have to expect from each action when there are no rules."""

from collections.abc import Mapping

_NONE: frozenset[str] = frozenset()

EXPECTED: Mapping[str, frozenset[str]] = {
    # Tencent Live
    "AddLiveDomain": frozenset({"FailedOperation.DomainAdded", "FailedOperation.HostOutLimit"}),
    "DescribeLiveDomain": frozenset({"ResourceNotFound.DomainNotExist"}),
    "DescribeLiveDomains": _NONE,
    "CreateLiveSnapshotTemplate": frozenset({"InternalError.ConfOutLimit"}),
    "DeleteLiveSnapshotTemplate": frozenset(
        {"InternalError.ConfNotFound", "FailedOperation.ConfInUsed"}
    ),
    "DescribeLiveSnapshotTemplate": frozenset({"FailedOperation.NotFound"}),
    "DescribeLiveSnapshotTemplates": _NONE,
    "CreateLiveSnapshotRule": frozenset(
        {"FailedOperation.RuleAlreadyExist", "InvalidParameter.ConfNotFound"}
    ),
    "DeleteLiveSnapshotRule": frozenset({"FailedOperation.NotFound"}),
    "DescribeLiveSnapshotRules": _NONE,
    # Tencent TIW
    "CreateSnapshotTask": _NONE,
    "DescribeSnapshotTask": frozenset({"InvalidParameter"}),
    "CreateVideoGenerationTask": _NONE,
    "DescribeVideoGenerationTask": frozenset(
        {"InvalidParameter.TaskNotFound", "FailedOperation.Record"}
    ),
    "SetVideoGenerationTaskCallback": _NONE,
    "SetVideoGenerationTaskCallbackKey": _NONE,
    "DescribeVideoGenerationTaskCallback": _NONE,
    # Alibaba ICE
    "ListPipelines": _NONE,
    "CreatePipeline": _NONE,
    "UpdatePipeline": _NONE,
    "GetPipeline": frozenset({"ResourceNotFound"}),
    "DeletePipeline": frozenset({"ResourceNotFound"}),
    "CreateCustomTemplate": _NONE,
    "GetCustomTemplate": frozenset({"ResourceNotFound"}),
    "DeleteCustomTemplate": frozenset({"ResourceNotFound"}),
    "SetDefaultCustomTemplate": frozenset({"ResourceNotFound"}),
    "ListCustomTemplates": _NONE,
    "SetEventCallback": _NONE,
    "GetEventCallback": _NONE,
    "SubmitSnapshotJob": _NONE,
    "GetSnapshotJob": frozenset({"ResourceNotFound"}),
    # Volcengine RTC
    "GetCallback": _NONE,
    "UpdateCallback": _NONE,
    "StartSnapshot": _NONE,
    "UpdateSnapshot": frozenset({"InvalidParameter.ErrorActiveTaskNotFound"}),
    "StopSnapshot": frozenset({"InvalidParameter.ErrorActiveTaskNotFound"}),
    "GetSnapshotTask": frozenset({"InvalidParameter.ErrorActiveTaskNotFound"}),
}
