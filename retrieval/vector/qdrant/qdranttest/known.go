package qdranttest

import (
	"strings"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
)

// known are the messages that requests may hold, with the fields that this server
// takes into account. "*" is all.
var known = map[string]string{
	"HealthCheckRequest": "*", "CollectionExistsRequest": "*", "GetCollectionInfoRequest": "*", "ListAliasesRequest": "*",
	"ListCollectionsRequest": "*", "DeleteCollection": "collection_name",
	"CreateCollection":           "collection_name vectors_config sparse_vectors_config on_disk_payload metadata",
	"VectorsConfig":              "params_map",
	"VectorParamsMap":            "*",
	"VectorParams":               "size distance on_disk quantization_config",
	"QuantizationConfig":         "scalar binary",
	"ScalarQuantization":         "*",
	"BinaryQuantization":         "always_ram",
	"SparseVectorConfig":         "*",
	"SparseVectorParams":         "*",
	"SparseIndexConfig":          "on_disk",
	"ChangeAliases":              "actions",
	"AliasOperations":            "create_alias delete_alias",
	"CreateAlias":                "*",
	"DeleteAlias":                "*",
	"UpsertPoints":               "collection_name wait points",
	"PointStruct":                "*",
	"PointId":                    "uuid",
	"Vectors":                    "vectors",
	"NamedVectors":               "*",
	"Vector":                     "dense sparse",
	"DenseVector":                "*",
	"SparseVector":               "*",
	"Value":                      "integer_value string_value list_value",
	"ListValue":                  "*",
	"DeletePoints":               "collection_name wait points",
	"PointsSelector":             "filter",
	"QueryPoints":                "collection_name query using filter params limit with_payload",
	"Query":                      "nearest",
	"VectorInput":                "dense sparse",
	"SearchParams":               "quantization",
	"WithPayloadSelector":        "enable include",
	"PayloadIncludeSelector":     "*",
	"QuantizationSearchParams":   "rescore oversampling",
	"Filter":                     "must must_not should",
	"Condition":                  "field is_empty has_vector filter",
	"FieldCondition":             "key match range",
	"IsEmptyCondition":           "*",
	"HasVectorCondition":         "*",
	"Match":                      "keyword keywords integer integers",
	"RepeatedStrings":            "*",
	"RepeatedIntegers":           "*",
	"Range":                      "*",
	"ScrollPoints":               "collection_name filter offset limit with_payload",
	"GetPoints":                  "collection_name ids with_payload",
	"CountPoints":                "collection_name filter exact",
	"CreateFieldIndexCollection": "collection_name wait field_name field_type",
}

// checkKnown refuses what this server would ignore.
func checkKnown(req any) error {
	m, ok := req.(proto.Message)
	if !ok {
		return status.Errorf(codes.Unimplemented, "qdranttest: %T", req)
	}
	return checkMessage(m.ProtoReflect())
}

func checkMessage(m protoreflect.Message) (err error) {
	name := string(m.Descriptor().Name())
	allowed, ok := known[name]
	if m.Descriptor().IsMapEntry() {
		allowed, ok = "*", true
	}
	if !ok {
		return status.Errorf(codes.Unimplemented, "qdranttest knows no %s", name)
	}
	m.Range(func(f protoreflect.FieldDescriptor, v protoreflect.Value) bool {
		if allowed != "*" && !contains(allowed, string(f.Name())) {
			err = status.Errorf(codes.Unimplemented, "qdranttest knows no %s.%s", name, f.Name())
			return false
		}
		err = checkField(f, v)
		return err == nil
	})
	return err
}

func checkField(f protoreflect.FieldDescriptor, v protoreflect.Value) (err error) {
	switch {
	case f.IsMap():
		if f.MapValue().Message() == nil {
			return nil
		}
		v.Map().Range(func(_ protoreflect.MapKey, value protoreflect.Value) bool {
			err = checkMessage(value.Message())
			return err == nil
		})
		return err
	case f.Message() == nil:
		return nil
	case f.IsList():
		for i := range v.List().Len() {
			if err := checkMessage(v.List().Get(i).Message()); err != nil {
				return err
			}
		}
		return nil
	}
	return checkMessage(v.Message())
}

func contains(words, word string) bool { return strings.Contains(" "+words+" ", " "+word+" ") }

func callName(method string) string { return method[strings.LastIndexByte(method, '/')+1:] }
