#pragma once

#include "core/cel/node.h"

namespace pawl::cel::steps {

// What nodes do when they are evaluated: each is a Node::Run. The comment says what of the node it reads.

Value constant(const Node& node, Frame& frame);     // value; cost, where it was folded
Value variable(const Node& node, Frame& frame);     // slot, value: its name
Value local(const Node& node, Frame& frame);        // slot
Value accumulator(const Node& node, Frame& frame);  // slot, parts: the initial value
Value attribute(const Node& node,
                Frame& frame);  // detail: Attribute; option: 1 where only maps and lists may be asked for
                                // presence; slot: what a test of presence costs less
Value conditional(const Node& node, Frame& frame);  // parts: condition, yes, no
Value both(const Node& node, Frame& frame);         // parts: a && b
Value either(const Node& node, Frame& frame);       // parts: a || b
Value logical_not(const Node& node, Frame& frame);  // parts
Value not_strictly_false(const Node& node, Frame& frame);
Value equals(const Node& node, Frame& frame);         // parts, option: 1 for !=
Value relation(const Node& node, Frame& frame);       // parts, option: Relation; value: true where strings cost by size
Value arithmetic(const Node& node, Frame& frame);     // parts, option: Arithmetic
Value negative(const Node& node, Frame& frame);       // parts
Value membership(const Node& node, Frame& frame);     // parts, option: how it costs
Value size(const Node& node, Frame& frame);           // parts
Value type(const Node& node, Frame& frame);           // parts
Value same(const Node& node, Frame& frame);           // parts: dyn(x)
Value text_test(const Node& node, Frame& frame);      // parts, option: TextTest
Value matches(const Node& node, Frame& frame);        // parts, detail: CallDetail
Value optional_or(const Node& node, Frame& frame);    // parts, option: 1 for orValue
Value call(const Node& node, Frame& frame);           // parts, detail: CallDetail
Value strict_call(const Node& node, Frame& frame);    // as call; at most two arguments, evaluated whatever they are
Value list(const Node& node, Frame& frame);           // parts
Value optional_list(const Node& node, Frame& frame);  // parts, detail: std::vector<bool>, which are optional
Value map(const Node& node, Frame& frame);            // parts, detail: std::vector<bool>; option: MapRules
Value append(const Node& node, Frame& frame);         // parts: accumulator, item; slot: builder
Value insert(const Node& node, Frame& frame);         // parts: accumulator, entry or key and value; slot: builder
Value fold(const Node& node, Frame& frame);           // detail: Fold, slot: of the accumulator, variables behind it
Value all(const Node& node, Frame& frame);            // detail: Fold, parts: predicate
Value exists(const Node& node, Frame& frame);
Value block(const Node& node, Frame& frame);  // parts: result; slot: of the first expression, cost: how many

enum class TextTest : std::uint8_t { kStartsWith, kEndsWith, kContains };
enum class ContainerCost : std::uint8_t { kOne, kSize, kNothing };
enum class MapRules : std::uint8_t { kStrict, kLenient };  // lenient: a repeated key takes its last value

// An error whose message is these parts.
Value error(Frame& frame, std::string_view a, std::string_view b, std::string_view c = {});

// The costs that cel-go counts by the size of text.
std::uint64_t scan_cost(std::uint64_t size);

}  // namespace pawl::cel::steps
