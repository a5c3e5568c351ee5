# shellcheck shell=bash disable=SC2034,SC2154,SC2164  # one program, under set -e
# SPDX-License-Identifier: GPL-2.0-or-later
# One command in one guest: the emulator, what goes in, what comes back.

run_timed_out=124	# exit status, as of timeout(1)

mem=512M
smp=2
timeout_s=300
cmdline=
areas=			# in the device tree, instead of cma=64M
icount=			# clock: 2^N ns for each instruction; not: real time
clock=fine		# of x86_64; coarse: steps of the timer
own_image=		# boot this instead of the table's
own_program=		# FILE[:GUESTPATH]: the guest has this, and no ltpin and no library
console=		# file for the guest's console
puts=()
gets=()

run_option()
{
	case $1 in
	--mem) mem=$2 ;;
	--smp) smp=$2 ;;
	--timeout) timeout_s=$2 ;;
	--cmdline) cmdline=$2 ;;
	--areas) areas=$2 ;;
	--icount) icount=$2 ;;
	--clock) clock=$2; [[ $2 == fine || $2 == coarse ]] || usage_error "--clock is fine or coarse" ;;
	--image) own_image=$(realpath -- "$2") ;;
	--program) own_program=$2 ;;
	--console) console=$(realpath -- "$2") ;;
	--put) puts+=("$2") ;;
	--get) [[ $2 == *:* ]] || usage_error "--get wants GUESTPATH:HOSTPATH"; gets+=("$2") ;;
	*) usage_error "no such option: $1" ;;
	esac
}

# run_guest COMMAND...: on the selected kernel, with the options above. Exits
# with the command's status.
run_guest()
{
	local status=0 streams

	need "${machine[0]}:$emulator_package" busybox:busybox-static cpio:cpio depmod:kmod
	make_scratch
	console=${console:-$scratch/console.log}
	guest_initrd "$scratch/root" "$@"
	[ -z "$areas" ] || device_tree_make
	mkfifo "$scratch/stdout" "$scratch/stderr"
	cat "$scratch/stdout" &
	streams=$!
	cat "$scratch/stderr" >&2 &
	streams+=" $!"
	start run_emulator
	finish || status=$?
	# If the emulator never opened them, the readers still wait for a writer.
	: <>"$scratch/stdout" <>"$scratch/stderr"
	# shellcheck disable=SC2086  # two words
	wait $streams || true
	run_result "$status"
}

# The port of each name is /dev/vport0pN, see init.
run_emulator()
{
	local port n=0 qemu cma=cma=64M

	boot_words+=" $(arch_clock)"
	# cma= would keep the kernel from making the device tree's default area.
	[ -z "$areas" ] || cma=
	cd "$scratch"
	ln -s "$console" console
	qemu=(
		"${machine[@]}" -accel tcg
		-m "$mem" -smp "$smp" -nodefaults -no-user-config -display none -no-reboot
		-kernel "${own_image:-$kernel_dir/$image}" -initrd root.cpio
		-append "$boot_words panic=-1 page_owner=on $cma quiet $cmdline"
		-serial file:console -device "virtio-serial-$virtio_bus"
	)
	for port in stdout stderr result; do
		n=$((n + 1))
		qemu+=(-chardev "file,id=$port,path=$port" -device "virtserialport,nr=$n,chardev=$port")
	done
	[ -z "$areas" ] || qemu+=(-dtb board.dtb)
	[ -z "$icount" ] || qemu+=(-icount "shift=$icount,sleep=off")
	exec setpriv --pdeathsig TERM timeout --kill-after=5 "$timeout_s" \
		setpriv --pdeathsig KILL "${qemu[@]}" >emulator.log 2>&1
}

# run_result STATUS-OF-THE-EMULATOR: what the guest sent, or why it did not.
run_result()
{
	local emulator=$1 files=$scratch/files status

	mkdir "$files"
	tar -xf "$scratch/result" -C "$files" 2>/dev/null || true
	if [ -e "$files/status" ]; then
		status=$(cat "$files/status")
		run_get "$files/files" || [ "$status" -ne 0 ] || status=$lab_failed
		exit "$status"
	fi
	if [ -s "$console" ]; then
		say "the last lines of the guest's console:"
		tail -n 30 "$console" >&2
	fi
	[ "$emulator" -ne "$run_timed_out" ] || { say "stopped after $timeout_s s"; exit "$emulator"; }
	cat "$scratch/emulator.log" >&2
	die "the guest ended without a result"
}

# run_get DIR: hands out the files asked for with --get; init numbered them.
run_get()
{
	local n status=0

	for n in "${!gets[@]}"; do
		if [ ! -e "$1/$n" ]; then
			say "--get: there is no ${gets[n]%%:*} in the guest"
			status=1
		elif ! cp -RT "$1/$n" "${gets[n]#*:}"; then
			status=1
		fi
	done
	return "$status"
}
