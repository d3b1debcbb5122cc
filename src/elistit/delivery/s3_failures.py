"""Errors of an S3 service, in one table: the cause and what a seller reads (rules §5.7).

No sentence here may say that a file is lost: a service that can't be asked says nothing about what it stores. Details
name the service's error code and request id, and must never contain a key, a header or an address.
"""

from __future__ import annotations

from botocore.exceptions import ClientError

from elistit.ports import Failure, Kind

NOT_THERE = frozenset({"404", "NoSuchKey", "NotFound"})
_MISSING = "A stored file is missing from file storage."
_FORBIDDEN = "The studio doesn't have access to file storage."
_WRONG = "File storage is misconfigured."
_FULL = "File storage is full."
_SLOW = "File storage asked us to slow down."
_DOING = {
    "write": "A file couldn't be stored.",
    "read": "A stored file couldn't be read.",
    "delete": "Stored files couldn't be deleted.",
}

# The operator has to act on these, so an automatic retry would only lose time.
_OPERATOR = {
    **dict.fromkeys(
        ("403", "AccessDenied", "AllAccessDisabled", "AccountProblem", "ExpiredToken", "Forbidden", "InvalidAccessKeyId",
         "InvalidToken", "NotSignedUp", "SignatureDoesNotMatch", "TokenRefreshRequired"), _FORBIDDEN,
    ),
    **dict.fromkeys(
        ("301", "AuthorizationHeaderMalformed", "EntityTooLarge", "IllegalLocationConstraintException", "InvalidBucketName",
         "NoSuchBucket", "NotImplemented", "PermanentRedirect"), _WRONG,
    ),
    **dict.fromkeys(("507", "InsufficientStorage", "QuotaExceeded", "XMinioStorageFull"), _FULL),
    "RequestTimeTooSkewed": "The clock of the studio's machine is wrong, so file storage rejects its requests.",
}  # fmt: skip
_THROTTLED = frozenset(
    {"429", "RequestLimitExceeded", "SlowDown", "Throttling", "ThrottlingException", "TooManyRequests",
     "TooManyRequestsException"}
)  # fmt: skip


def code(error: ClientError) -> str:
    return str(error.response.get("Error", {}).get("Code", ""))


def refused(error: ClientError, doing: str) -> Failure:
    """A response of the service that refuses a request. `doing` is write, read or delete."""
    name = code(error)
    about = error.response.get("ResponseMetadata", {})
    detail = (
        f"{error.operation_name}: {name}, HTTP {about.get('HTTPStatusCode', 0)}, request {about.get('RequestId', '')}"
    )
    if name in NOT_THERE:
        return missing(detail)
    if name in _OPERATOR:
        return Failure(Kind.OPERATOR, _OPERATOR[name], detail=detail)
    if name in _THROTTLED:
        wait = str(about.get("HTTPHeaders", {}).get("retry-after", ""))
        return Failure(Kind.THROTTLED, _SLOW, detail=detail, retry_after=float(wait) if wait.isdigit() else None)
    return Failure(Kind.TRANSIENT, _DOING[doing], detail=detail)


def broken(error: Exception, doing: str) -> Failure:
    """A connection that failed or was interrupted, or an invalid response."""
    return Failure(Kind.TRANSIENT, _DOING[doing], detail=f"{doing}: {type(error).__name__}")


def missing(detail: str) -> Failure:
    return Failure(Kind.TRANSIENT, _MISSING, detail=detail)


def is_missing(failure: Failure) -> bool:
    return failure.reason == _MISSING
