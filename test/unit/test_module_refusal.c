// SPDX-License-Identifier: GPL-2.0-or-later
/* Tests lib/act/device/module_refusal.c. */
#include "tree.h"

#include "act/device/module_refusal.h"

/* What the kernels log; the names of the symbols are real ones. */
#define VERMAGIC                                                                             \
	"[   12.1] ltpin: version magic '6.12.117 SMP mod_unload ' should be '5.10.262 SMP " \
	"mod_unload '\n"
#define SYMBOL(name) "[    3.2] ltpin: Unknown symbol " name " (err -2)\n"

static struct lt_module_refusal refusal;

static void explain(int err, const char *log, const char *vermagic)
{
	struct lt_root *root;

	assert_int_equal(lt_root_open(tree_dir, &root), 0);
	memset(&refusal, 'x', sizeof(refusal));
	lt_module_refusal_explain(-err, root, log, strlen(log), vermagic, &refusal);
	lt_root_close(root);
}

static void put(const char *path, const char *text)
{
	tree_write(path, text, strlen(text));
}

static void assert_says(const char *part)
{
	if (!strstr(refusal.why, part))
		fail_msg("\"%s\" is not in \"%s\"", part, refusal.why);
}

static void assert_advises(const char *part)
{
	if (!strstr(refusal.advice, part))
		fail_msg("\"%s\" is not in \"%s\"", part, refusal.advice);
}

static void missing_symbols_are_named(void **state)
{
	(void)state;
	explain(ENOENT,
		"[ 1.0] other: Unknown symbol foo (err -2)\n" SYMBOL("misc_register")
			SYMBOL("unpin_user_pages"),
		NULL);
	assert_string_equal(refusal.why,
			    "this kernel lacks what it calls: misc_register, unpin_user_pages");
	assert_advises("Build it for this kernel");
	explain(ENOENT,
		SYMBOL("a") SYMBOL("b") SYMBOL("c") SYMBOL("d") SYMBOL("e") SYMBOL("f") SYMBOL("g"),
		NULL);
	assert_says("a, b, c, d, e and 2 more");
	explain(ENOENT, "", NULL);
	assert_says("lacks a symbol");
}

static void both_version_magics_are_told(void **state)
{
	(void)state;
	explain(ENOEXEC, VERMAGIC, "6.12.117 SMP mod_unload ");
	assert_string_equal(refusal.why,
			    "it is for another kernel: its version magic is "
			    "'6.12.117 SMP mod_unload ', this kernel's '5.10.262 SMP mod_unload '");
	assert_advises("Build it for this kernel");
	explain(ENOEXEC, "", "6.12.117 SMP mod_unload ");
	assert_says("its version magic is '6.12.117 SMP mod_unload ', this one is ");
	explain(ENOEXEC, "", NULL);
	assert_says("no module for this kernel and machine");
}

static void other_versions_of_symbols(void **state)
{
	(void)state;
	explain(EINVAL, "[ 1.0] ltpin: disagrees about version of symbol module_layout\n", NULL);
	assert_says("CONFIG_MODVERSIONS): module_layout");
	explain(EINVAL, "", NULL);
	assert_says("no module, or for another configuration");
}

static void signatures(void **state)
{
	(void)state;
	explain(EKEYREJECTED, "[ 1.0] Loading of unsigned module is rejected\n", NULL);
	assert_says("takes only modules with a signature");
	assert_says("it says: unsigned module");
	assert_advises("scripts/sign-file");
	explain(ENOKEY, "", NULL);
	assert_says("does not accept the module's signature");
	assert_advises("scripts/sign-file");
}

static void without_the_right(void **state)
{
	(void)state;
	put("proc/self/status", "Name:\tltpin\nCapEff:\t0000000000000000\n");
	put("proc/sys/kernel/modules_disabled", "1\n");
	put("sys/kernel/security/lockdown", "none [integrity] confidentiality\n");
	explain(EPERM, "", NULL);
	assert_says("CAP_SYS_MODULE");
	assert_advises("root");
}

static void settings_of_the_kernel(void **state)
{
	(void)state;
	put("proc/self/status", "Name:\tltpin\nCapEff:\t000001ffffffffff\n");
	put("proc/sys/kernel/modules_disabled", "1\n");
	put("sys/kernel/security/lockdown", "none [integrity] confidentiality\n");
	explain(EPERM, "", NULL);
	assert_says("kernel.modules_disabled");
	assert_advises("reboot");
	put("proc/sys/kernel/modules_disabled", "0\n");
	explain(EPERM, "", NULL);
	assert_says("locked down (integrity)");
	assert_advises("scripts/sign-file");
	put("sys/kernel/security/lockdown", "[none] integrity confidentiality\n");
	explain(EPERM, "", NULL);
	assert_says("security module");
	put("sys/kernel/security/lockdown", "[");
	explain(EPERM, "", NULL);
	assert_says("security module");
}

static void kernels_without_modules(void **state)
{
	(void)state;
	explain(ENOSYS, "", NULL);
	assert_says("CONFIG_MODULES");
	assert_advises("ltpin doctor");
}

static void whatever_else(void **state)
{
	(void)state;
	explain(ENOMEM, "", NULL);
	assert_says("Cannot allocate memory");
	explain(4095, "\n\n\0", "\x1b[31m");
	assert_says("the kernel refused it");
}

static void hostile_text_is_made_safe(void **state)
{
	static char name[2000];

	(void)state;
	explain(ENOENT, SYMBOL("\x1b[2Jx"), NULL);
	assert_says("\\x1b[2Jx");
	explain(ENOEXEC, "", "\x1b[31m");
	assert_says("\\x1b[31m");
	memset(name, 'n', sizeof(name) - 1);
	explain(ENOEXEC, "", name);
	assert_says("nnnn");
	strcpy(name, "ltpin: Unknown symbol ");
	memset(name + strlen(name), 'n', 1500);
	strcpy(name + 1522, " (err -2)");
	explain(ENOENT, name, NULL);
	assert_says("nnnn");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, tree_setup, tree_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(missing_symbols_are_named), TEST(both_version_magics_are_told),
		TEST(other_versions_of_symbols), TEST(signatures),
		TEST(without_the_right),	 TEST(settings_of_the_kernel),
		TEST(kernels_without_modules),	 TEST(whatever_else),
		TEST(hostile_text_is_made_safe),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
