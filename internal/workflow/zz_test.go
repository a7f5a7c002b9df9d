package workflow
import ("testing";"time";"os")
func FuzzZZ(f *testing.F){
	for _,s:=range []string{"git checkout $(gh pr checkout 1 && ((","0&&0(","if a; then <<EOF\n b\nEOF\n fi; case x in y) ;; esac; ${a:-b} `x` f() { :; }","npm ci ${{ x }} | [[ a =~ b ]] >& 2","a=(1 2) b[0]=$((1+2)) select x in y; do z; done","for ((i=0;i<3;i++)); do coproc a; done; let x=1; declare -a y=(z)"} { f.Add(s) }
	f.Fuzz(func(t *testing.T, text string){
		tm:=time.AfterFunc(2*time.Second, func(){ os.WriteFile("/tmp/wf/hang.txt",[]byte(text),0o644); panic("hang") })
		defer tm.Stop()
		for _,c:=range commands(text,"",func(string)string{return "${{ a }}"}) { c.executes(""); c.executes("x") }
	})
}
