"""Serves Qdrant's own engine (the package qdrant-edge-py, a shard in the process)
by the part of Qdrant's gRPC interface that Hjemmel uses, on a free loopback port,
which it prints. For .ci/suite-qdrant: a Qdrant server is not to be had from the
package registries, its engine is. Collections live in a temporary folder.
"""
import tempfile
import threading
from concurrent import futures

import grpc
import qdrant_edge as edge
from qdrant_client import grpc as api
from qdrant_client.grpc import collections_service_pb2_grpc, points_service_pb2_grpc, qdrant_pb2_grpc

lock = threading.RLock()  # one call at a time
shards, configs, aliases = {}, {}, {}
folder = tempfile.TemporaryDirectory()
made = 0


def find(name, context):
    name = aliases.get(name, name)
    if name not in shards:
        context.abort(grpc.StatusCode.NOT_FOUND, f"Not found: Collection `{name}` doesn't exist!")
    return shards[name]


def value(v):
    kind = v.WhichOneof("kind")
    if kind == "list_value":
        return [value(x) for x in v.list_value.values]
    if kind in ("string_value", "integer_value"):
        return getattr(v, kind)
    raise ValueError(f"payload of kind {kind}")


def message(x):
    if isinstance(x, list):
        return api.Value(list_value=api.ListValue(values=[message(y) for y in x]))
    return api.Value(integer_value=x) if isinstance(x, int) else api.Value(string_value=x)


def condition(c):
    kind = c.WhichOneof("condition_one_of")
    if kind == "filter":
        return filters(c.filter)
    if kind == "is_empty":
        return edge.IsEmptyCondition(c.is_empty.key)
    if kind == "has_vector":
        return edge.HasVectorCondition(c.has_vector.has_vector)
    if kind != "field":
        raise ValueError(f"condition {kind}")
    f = c.field
    if f.HasField("range"):
        bounds = {b: getattr(f.range, b) for b in ("gt", "gte", "lt", "lte") if f.range.HasField(b)}
        return edge.FieldCondition(f.key, range=edge.RangeFloat(**bounds))
    kind = f.match.WhichOneof("match_value")
    if kind in ("keyword", "integer"):
        return edge.FieldCondition(f.key, match=edge.MatchValue(getattr(f.match, kind)))
    many = list(f.match.keywords.strings) if kind == "keywords" else list(f.match.integers.integers)
    return edge.FieldCondition(f.key, match=edge.MatchAny(many))


def filters(f):
    return edge.Filter(**{part: [condition(c) for c in getattr(f, part)] for part in ("must", "should", "must_not") if getattr(f, part)})


def selected(with_payload):
    if with_payload.WhichOneof("selector_options") == "include":
        return edge.PayloadSelector.Include(list(with_payload.include.fields))
    return with_payload.enable


def vector(v):
    if v.WhichOneof("vector") == "dense":
        return list(v.dense.data)
    return edge.SparseVector(list(v.sparse.indices), list(v.sparse.values))


def fields(payload):
    return {k: message(v) for k, v in (payload or {}).items()}


def point_id(uuid):
    return api.PointId(uuid=str(uuid))


def safely(call):
    """Answers what the engine refuses as Qdrant does, and anything else as a fault."""

    def wrapped(self, request, context):
        with lock:
            try:
                return call(self, request, context)
            except Exception as e:  # noqa: BLE001
                if context.code() is not None:
                    raise
                context.abort(grpc.StatusCode.INVALID_ARGUMENT, f"{type(e).__name__}: {e}")

    return wrapped


class Health(qdrant_pb2_grpc.QdrantServicer):
    def HealthCheck(self, request, context):
        return api.HealthCheckReply(title="qdrant-edge", version="edge")


class Collections(collections_service_pb2_grpc.CollectionsServicer):
    @safely
    def Create(self, r, context):
        global made
        made += 1
        dense = {}
        for name, p in r.vectors_config.params_map.map.items():
            if p.quantization_config.HasField("binary"):
                quantization = edge.BinaryQuantizationConfig(always_ram=True)
            else:
                quantization = edge.ScalarQuantizationConfig(type=edge.ScalarType.Int8, quantile=p.quantization_config.scalar.quantile, always_ram=True)
            dense[name] = edge.EdgeVectorParams(size=p.size, distance=edge.Distance.Cosine, on_disk=True, quantization_config=quantization)
        sparse = {name: edge.EdgeSparseVectorParams(modifier=edge.Modifier.Idf) for name in r.sparse_vectors_config.map}
        shards[r.collection_name] = edge.EdgeShard.create(f"{folder.name}/{made}", edge.EdgeConfig(vectors=dense, sparse_vectors=sparse))
        configs[r.collection_name] = r
        return api.CollectionOperationResponse(result=True)

    @safely
    def Delete(self, r, context):
        shards.pop(r.collection_name).close()
        for alias in [a for a, to in aliases.items() if to == r.collection_name]:
            del aliases[alias]
        return api.CollectionOperationResponse(result=True)

    @safely
    def CollectionExists(self, r, context):
        return api.CollectionExistsResponse(result=api.CollectionExists(exists=r.collection_name in shards))

    @safely
    def Get(self, r, context):
        find(r.collection_name, context)
        c = configs[r.collection_name]
        params = api.CollectionParams(vectors_config=c.vectors_config, sparse_vectors_config=c.sparse_vectors_config)
        return api.GetCollectionInfoResponse(result=api.CollectionInfo(config=api.CollectionConfig(params=params)))

    @safely
    def ListAliases(self, r, context):
        return api.ListAliasesResponse(aliases=[api.AliasDescription(alias_name=a, collection_name=c) for a, c in aliases.items()])

    @safely
    def UpdateAliases(self, r, context):
        for action in r.actions:
            if action.HasField("create_alias"):
                aliases[action.create_alias.alias_name] = action.create_alias.collection_name
            else:
                aliases.pop(action.delete_alias.alias_name, None)
        return api.CollectionOperationResponse(result=True)


done = api.PointsOperationResponse(result=api.UpdateResult(status=api.UpdateStatus.Completed))


class Points(points_service_pb2_grpc.PointsServicer):
    @safely
    def CreateFieldIndex(self, r, context):
        kind = edge.PayloadSchemaType.Keyword if r.field_type == api.FieldType.FieldTypeKeyword else edge.PayloadSchemaType.Integer
        find(r.collection_name, context).update(edge.UpdateOperation.create_field_index(r.field_name, kind))
        return done

    @safely
    def Upsert(self, r, context):
        points = [
            edge.Point(p.id.uuid, {n: vector(v) for n, v in p.vectors.vectors.vectors.items()}, {k: value(v) for k, v in p.payload.items()})
            for p in r.points
        ]
        find(r.collection_name, context).update(edge.UpdateOperation.upsert_points(points))
        return done

    @safely
    def Delete(self, r, context):
        find(r.collection_name, context).update(edge.UpdateOperation.delete_points_by_filter(filters(r.points.filter)))
        return done

    @safely
    def Get(self, r, context):
        found = find(r.collection_name, context).retrieve([i.uuid for i in r.ids], with_payload=selected(r.with_payload), with_vector=False)
        return api.GetResponse(result=[api.RetrievedPoint(id=point_id(p.id), payload=fields(p.payload)) for p in found])

    @safely
    def Count(self, r, context):
        n = find(r.collection_name, context).count(edge.CountRequest(filter=filters(r.filter)))
        return api.CountResponse(result=api.CountResult(count=n))

    @safely
    def Scroll(self, r, context):
        offset = r.offset.uuid if r.HasField("offset") else None
        found, following = find(r.collection_name, context).scroll(
            edge.ScrollRequest(offset=offset, limit=r.limit, filter=filters(r.filter), with_payload=selected(r.with_payload)))
        return api.ScrollResponse(
            result=[api.RetrievedPoint(id=point_id(p.id), payload=fields(p.payload)) for p in found],
            next_page_offset=point_id(following) if following else None)

    @safely
    def Query(self, r, context):
        near = r.query.nearest
        query = list(near.dense.data) if near.HasField("dense") else edge.SparseVector(list(near.sparse.indices), list(near.sparse.values))
        params = None
        if r.params.HasField("quantization"):
            q = r.params.quantization
            params = edge.SearchParams(quantization=edge.QuantizationSearchParams(rescore=q.rescore, oversampling=q.oversampling))
        found = find(r.collection_name, context).query(edge.QueryRequest(
            query=edge.Query.Nearest(query, using=r.using), filter=filters(r.filter), limit=r.limit, with_payload=selected(r.with_payload), params=params))
        return api.QueryResponse(result=[api.ScoredPoint(id=point_id(p.id), score=p.score, payload=fields(p.payload)) for p in found])


server = grpc.server(futures.ThreadPoolExecutor(max_workers=8), options=[("grpc.max_receive_message_length", -1), ("grpc.http2.min_ping_interval_without_data_ms", 1000), ("grpc.http2.max_ping_strikes", 0)])
qdrant_pb2_grpc.add_QdrantServicer_to_server(Health(), server)
collections_service_pb2_grpc.add_CollectionsServicer_to_server(Collections(), server)
points_service_pb2_grpc.add_PointsServicer_to_server(Points(), server)
print(server.add_insecure_port("127.0.0.1:0"), flush=True)
server.start()
server.wait_for_termination()
