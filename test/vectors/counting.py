"""What a host grants, how it counts, and whether some order of a history's events explains it."""

WINDOWS = "55c92734-d682-4d71-983e-d6ec3f16059f"
OFFICE = "59a52881-a989-479d-af46-f275c6370663"
MAX_REQUIRED_COUNT = 1000
COUNT_TOO_LARGE = 0x8007000D
NOT_OFFERED = 0xC004F042
THIRTY_DAYS_MS = 30 * 24 * 60 * 60 * 1000

WINDOWS_KEYS = {"vista", "2008-a", "2008-b", "2008-c", "win7", "r2-a", "r2-b", "r2-c"}
R2_KEYS = {"r2-a", "r2-b", "r2-c"}
OFFERED_BY = {
    "212a64dc-43b1-4d3d-a30c-2fc69d2095c6": (WINDOWS, WINDOWS_KEYS),
    "7fde5219-fbfa-484a-82c9-34d1ad53e856": (WINDOWS, R2_KEYS | {"win7"}),
    "33e156e4-b76f-4a52-9f91-f641dd95ac48": (WINDOWS, R2_KEYS | {"2008-a", "2008-b", "2008-c"}),
    "8fe53387-3087-4447-8985-f75132215ac9": (WINDOWS, {"2008-b", "2008-c", "r2-b", "r2-c"}),
    "8a21fdf3-cbc5-44eb-83f3-fe284e6680a7": (WINDOWS, {"2008-c", "r2-c"}),
    "0fc6ccaf-ff0e-4fae-9d08-4370785bf7ed": (WINDOWS, R2_KEYS),
    "ca87f5b6-cd46-40c0-b06d-8ecd57a4373f": (WINDOWS, {"r2-b", "r2-c"}),
    "b2ca2689-a9a8-42d7-938d-cf8e9f201958": (WINDOWS, {"r2-c"}),
    "e85af946-2e25-47b7-83e1-bebcebeac611": (OFFICE, {"office2010"}),
}


def hresult_for(key_group, request):
    if request["requiredClientCount"] > MAX_REQUIRED_COUNT:
        return COUNT_TOO_LARGE
    if key_group == "any":
        return 0
    application, key_groups = OFFERED_BY.get(request["kmsCountedId"], (None, set()))
    offered = key_group in key_groups and request["applicationId"] == application
    return 0 if offered else NOT_OFFERED


class Host:
    """The applications' capacities and records, from the oldest request to the newest."""

    def __init__(self, profile):
        self.profile = profile
        self.applications = {}

    def copy(self):
        other = Host(self.profile)
        other.applications = dict(self.applications)
        return other

    def reset(self):
        self.applications = {}

    def restart(self):
        if not self.profile["countSurvivesRestart"]:
            self.reset()

    def answer(self, request, now_ms):
        if request["requiredClientCount"] > MAX_REQUIRED_COUNT:
            return {"hresult": COUNT_TOO_LARGE}
        return {"count": self.count(request, now_ms)}

    def count(self, request, now_ms):
        capacity, records = self.applications.get(request["applicationId"], (0, ()))
        records = [record for record in records if now_ms - record[1] <= THIRTY_DAYS_MS]
        if request.get("virtual", False) and not self.profile["countsVirtualMachines"]:
            return len(records)
        capacity = max(capacity, 2 * max(request["requiredClientCount"], 1))
        client = request["clientMachineId"]
        records = [record for record in records if record[0] != client]
        if len(records) >= capacity:
            records = records[1:]
        records.append((client, now_ms))
        self.applications[request["applicationId"]] = (capacity, records)
        return len(records)


def replay(profile, steps):
    """The steps, with the answers that a host of this profile gives."""
    host = Host(profile)
    answered = []
    for step in steps:
        if step["kind"] == "request":
            step = {**step, "answer": host.answer(step, step["atMs"])}
        else:
            {"reset": host.reset, "restart": host.restart}[step["kind"]]()
        answered.append(step)
    return answered


def may_be_next(event, events):
    """Whether no event that is still to come ended before this one started."""
    return all(other["endMs"] is None or other["endMs"] >= event["startMs"] for other in events)


def takes_effect(event, host, now_ms):
    """The clock after the event, or None where the host would have answered something else."""
    if event["kind"] == "request":
        count = host.count(event, now_ms)
        return now_ms if event["count"] in (None, count) else None
    if event["control"] == "advance":
        return now_ms + 1000 * event["advanceSeconds"]
    {"reset": host.reset, "restart": host.restart}[event["control"]]()
    return now_ms


def has_order(events, host, now_ms=0):
    """Tries every order. Events without an end may stay out for ever."""
    if all(event["endMs"] is None for event in events):
        return True
    for i, event in enumerate(events):
        if may_be_next(event, events):
            after = host.copy()
            then_ms = takes_effect(event, after, now_ms)
            if then_ms is not None and has_order(events[:i] + events[i + 1 :], after, then_ms):
                return True
    return False
