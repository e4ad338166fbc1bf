// SPDX-License-Identifier: EUPL-1.2
//
// Operator precedence by two stacks; evaluation by one. Nothing here can divide by zero or run off
// a stack: compile has walked every rule once.
#include "ui/plural.h"

#include "base/err.h"

#include <stdbool.h>
#include <string.h>

enum { STACK_MAX = 24, DIGITS_MAX = 6 };

// Step codes. Operators stand in the order of `operators`.
enum step {
    STEP_COUNT,
    STEP_NUMBER,
    STEP_OR,
    STEP_AND,
    STEP_EQUAL,
    STEP_UNEQUAL,
    STEP_AT_MOST,
    STEP_AT_LEAST,
    STEP_LESS,
    STEP_MORE,
    STEP_PLUS,
    STEP_MINUS,
    STEP_TIMES,
    STEP_OVER,
    STEP_REST,
    STEP_NOT,
    STEP_CHOOSE,   // c ? a : b, complete
    STEP_QUESTION, // only while compiling: waits for its ':'
    STEP_OPEN,     // only while compiling
};

static const struct {
    const char *words;
    enum step step;
    int binds;
} operators[] = {
    {"||", STEP_OR, 1},      {"&&", STEP_AND, 2},     {"==", STEP_EQUAL, 3},
    {"!=", STEP_UNEQUAL, 3}, {"<=", STEP_AT_MOST, 4}, {">=", STEP_AT_LEAST, 4},
    {"<", STEP_LESS, 4},     {">", STEP_MORE, 4},     {"+", STEP_PLUS, 5},
    {"-", STEP_MINUS, 5},    {"*", STEP_TIMES, 6},    {"/", STEP_OVER, 6},
    {"%", STEP_REST, 6},
};

struct compiler {
    struct phrases *phrases;
    const char *words;
    size_t len;
    size_t at;
    enum step stack[STACK_MAX];
    size_t stack_count;
    bool has_operand; // the last thing read was a value
    enum err err;
};

static void read_operand(struct compiler *compiler);
static void read_operator(struct compiler *compiler);
static bool steps_balance(const struct phrases *phrases);

static void fail(struct compiler *compiler, enum err err)
{
    compiler->err = compiler->err == OK ? err : compiler->err;
}

static void emit(struct compiler *compiler, enum step step, uint32_t value)
{
    struct phrases *phrases = compiler->phrases;
    if (phrases->rule_count == PHRASES_RULE_MAX) {
        fail(compiler, ERR_TOO_BIG);
        return;
    }
    phrases->rule[phrases->rule_count] = (struct phrases_step){(uint8_t)step, value};
    phrases->rule_count += 1;
}

static void push(struct compiler *compiler, enum step step)
{
    if (compiler->stack_count == STACK_MAX) {
        fail(compiler, ERR_TOO_BIG);
        return;
    }
    compiler->stack[compiler->stack_count] = step;
    compiler->stack_count += 1;
}

static int binds_of(enum step step)
{
    for (size_t i = 0; i < sizeof operators / sizeof operators[0]; i++) {
        if (operators[i].step == step) {
            return operators[i].binds;
        }
    }
    return step == STEP_NOT ? 7 : 0;
}

// Everything on the stack that binds at least as tightly goes out first.
static void pop_while(struct compiler *compiler, int binds)
{
    while (compiler->stack_count > 0) {
        enum step top = compiler->stack[compiler->stack_count - 1];
        if (top == STEP_OPEN || top == STEP_QUESTION || binds_of(top) < binds) {
            return;
        }
        emit(compiler, top, 0);
        compiler->stack_count -= 1;
    }
}

static bool is_end(const struct compiler *compiler)
{
    return compiler->at >= compiler->len || compiler->words[compiler->at] == ';' ||
           compiler->words[compiler->at] == '\n';
}

enum err plural_compile(struct phrases *phrases, const char *words, size_t len)
{
    struct compiler compiler = {.phrases = phrases, .words = words, .len = len};
    phrases->rule_count = 0;
    while (compiler.err == OK && !is_end(&compiler)) {
        if (words[compiler.at] == ' ') {
            compiler.at += 1;
        } else if (compiler.has_operand) {
            read_operator(&compiler);
        } else {
            read_operand(&compiler);
        }
    }
    pop_while(&compiler, 0);
    bool is_whole = compiler.has_operand && compiler.stack_count == 0;
    if (compiler.err == OK && (!is_whole || !steps_balance(phrases))) {
        compiler.err = ERR_MALFORMED;
    }
    if (compiler.err != OK) {
        phrases->rule_count = 0;
    }
    return compiler.err;
}

static void read_number(struct compiler *compiler)
{
    uint32_t value = 0;
    size_t digits = 0;
    while (compiler->at < compiler->len && compiler->words[compiler->at] >= '0' &&
           compiler->words[compiler->at] <= '9') {
        value = value * 10 + (uint32_t)(compiler->words[compiler->at] - '0');
        compiler->at += 1;
        digits += 1;
        if (digits > DIGITS_MAX) {
            fail(compiler, ERR_TOO_BIG);
            return;
        }
    }
    if (digits == 0) {
        fail(compiler, ERR_MALFORMED);
        return;
    }
    emit(compiler, STEP_NUMBER, value);
    compiler->has_operand = true;
}

static void read_operand(struct compiler *compiler)
{
    char c = compiler->words[compiler->at];
    if (c == 'n') {
        compiler->at += 1;
        emit(compiler, STEP_COUNT, 0);
        compiler->has_operand = true;
    } else if (c == '(' || c == '!') {
        compiler->at += 1;
        push(compiler, c == '(' ? STEP_OPEN : STEP_NOT);
    } else {
        read_number(compiler);
    }
}

static void close_to(struct compiler *compiler, enum step wanted)
{
    pop_while(compiler, 0);
    if (compiler->stack_count == 0 || compiler->stack[compiler->stack_count - 1] != wanted) {
        fail(compiler, ERR_MALFORMED);
        return;
    }
    compiler->stack_count -= 1;
}

static void read_operator(struct compiler *compiler)
{
    const char *at = compiler->words + compiler->at;
    size_t left = compiler->len - compiler->at;
    if (*at == ')') {
        close_to(compiler, STEP_OPEN);
        compiler->at += 1;
        return;
    }
    compiler->has_operand = false;
    if (*at == '?') {
        // Binds loosest and to the right: what is chosen before it is not finished by it.
        pop_while(compiler, 1);
        push(compiler, STEP_QUESTION);
        compiler->at += 1;
        return;
    }
    if (*at == ':') {
        close_to(compiler, STEP_QUESTION);
        push(compiler, STEP_CHOOSE);
        compiler->at += 1;
        return;
    }
    for (size_t i = 0; i < sizeof operators / sizeof operators[0]; i++) {
        size_t len = strlen(operators[i].words);
        if (left >= len && memcmp(at, operators[i].words, len) == 0) {
            pop_while(compiler, operators[i].binds);
            push(compiler, operators[i].step);
            compiler->at += len;
            return;
        }
    }
    fail(compiler, ERR_MALFORMED);
}

// How many values a step takes from the stack; it gives one.
static size_t taken_by(enum step step)
{
    if (step == STEP_COUNT || step == STEP_NUMBER) {
        return 0;
    }
    if (step == STEP_NOT) {
        return 1;
    }
    return step == STEP_CHOOSE ? 3 : 2;
}

static bool steps_balance(const struct phrases *phrases)
{
    size_t depth = 0;
    for (size_t i = 0; i < phrases->rule_count; i++) {
        size_t taken = taken_by((enum step)phrases->rule[i].code);
        if (taken > depth || depth - taken >= STACK_MAX) {
            return false;
        }
        depth = depth - taken + 1;
    }
    return depth == 1;
}

static uint64_t apply(enum step step, uint64_t left, uint64_t right)
{
    switch (step) {
    case STEP_OR:
        return left != 0 || right != 0;
    case STEP_AND:
        return left != 0 && right != 0;
    case STEP_EQUAL:
        return left == right;
    case STEP_UNEQUAL:
        return left != right;
    case STEP_AT_MOST:
        return left <= right;
    case STEP_AT_LEAST:
        return left >= right;
    case STEP_LESS:
        return left < right;
    case STEP_MORE:
        return left > right;
    case STEP_PLUS:
        return left + right;
    case STEP_MINUS:
        return left - right;
    case STEP_TIMES:
        return left * right;
    case STEP_OVER:
        return right == 0 ? 0 : left / right;
    case STEP_REST:
        return right == 0 ? 0 : left % right;
    case STEP_COUNT:
    case STEP_NUMBER:
    case STEP_NOT:
    case STEP_CHOOSE:
    case STEP_QUESTION:
    case STEP_OPEN:
        break;
    }
    return 0;
}

uint32_t plural_form(const struct phrases *phrases, uint64_t count)
{
    uint64_t stack[STACK_MAX + 3] = {0};
    size_t top = 0; // values on the stack
    for (size_t i = 0; i < phrases->rule_count; i++) {
        enum step step = (enum step)phrases->rule[i].code;
        size_t taken = taken_by(step);
        CHECK(taken <= top && top - taken < STACK_MAX); // compile has made sure
        top -= taken;
        uint64_t *at = &stack[top];
        if (step == STEP_COUNT) {
            *at = count;
        } else if (step == STEP_NUMBER) {
            *at = phrases->rule[i].value;
        } else if (step == STEP_NOT) {
            *at = at[0] == 0;
        } else if (step == STEP_CHOOSE) {
            *at = at[0] != 0 ? at[1] : at[2];
        } else {
            *at = apply(step, at[0], at[1]);
        }
        top += 1;
    }
    return stack[0] < phrases->forms_count ? (uint32_t)stack[0] : 0;
}
